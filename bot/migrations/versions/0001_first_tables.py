"""first tables"""

import sqlalchemy as sa
from alembic import op

import bot.database

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("code", name=op.f("uq_network_code")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("checkin", "session_reminder", "announcement", name="schedulekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("next_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("kind", "subject_id", "rule", name=op.f("uq_schedule_kind_subject_id_rule")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index("ix_schedule_next_at", ["next_at"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "term_style",
            sa.Enum("klinisch leider", "clinical leader", name="termstyle", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("checkin_weekday", sa.Integer(), nullable=False),
        sa.Column("checkin_time", sa.Time(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("reminder_offsets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_edition_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("network_id", "code", name=op.f("uq_edition_network_id_code")),
    )
    op.create_table(
        "hospital",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_hospital_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital")),
        sa.UniqueConstraint("network_id", "code", name=op.f("uq_hospital_network_id_code")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("looked_up_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_person_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("network_id", "code", name=op.f("uq_person_network_id_code")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_email"), ["email"], unique=False)

    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("paused_until", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("uninstalled_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_workspace_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("team_id", name=op.f("uq_workspace_team_id")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "scheduled", "sent", "cancelled", name="announcementstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("send_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reported", sa.String(), nullable=True),
        sa.Column("closed_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_announcement_author_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_announcement_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcement_state"), ["state"], unique=False)

    op.create_table(
        "edition_hospital",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_hospital_edition_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_edition_hospital_hospital_id")),
        sa.PrimaryKeyConstraint("edition_id", "hospital_id", name=op.f("pk_edition_hospital")),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("dm_channel", sa.String(), nullable=True),
        sa.Column("deactivated_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_identity_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("workspace_id", "slack_user_id", name=op.f("uq_identity_workspace_id_slack_user_id")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=True),
        sa.Column("specialty", sa.String(), nullable=True),
        sa.Column("checkin_weekday", sa.Integer(), nullable=True),
        sa.Column("checkin_time", sa.Time(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_participation_edition_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_participation_hospital_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_participation_edition_id_person_id")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_person_id"), ["person_id"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("hospital_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_team_edition_id")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospital.id"], name=op.f("fk_team_hospital_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_team_edition_id_code")),
    )
    op.create_table(
        "track",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_nl", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_track_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_track_edition_id_code")),
    )
    op.create_table(
        "checkin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("submitted", "skipped", name="checkinstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("tried", sa.Enum("yes", "no", "no_time", name="tried", native_enum=False, length=40), nullable=True),
        sa.Column("learned", sa.String(), nullable=True),
        sa.Column(
            "next_step",
            sa.Enum("adopt", "adapt", "abandon", name="nextstep", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "obstacle",
            sa.Enum(
                "none",
                "time",
                "people",
                "data_ict",
                "support",
                "decision",
                "other",
                name="obstacle",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "help_from",
            sa.Enum(
                "nobody", "coordinator", "mentor", "network", "board", name="helpfrom", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "coordinator", "team", "network", "network_anonymous", name="visibility", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("created_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name=op.f("fk_checkin_participation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("participation_id", "week", name=op.f("uq_checkin_participation_id_week")),
    )
    op.create_table(
        "checkin_draft",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("updated_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_checkin_draft_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", "week", name=op.f("pk_checkin_draft")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "checkin_prompt",
                "checkin_reminder",
                "checkin_receipt",
                "session_reminder",
                "session_change",
                "announcement",
                "announcement_result",
                name="deliverykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending", "sending", "sent", "failed", "skipped", name="deliverystate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("attempt_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_delivery_identity_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_person_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_delivery_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_open",
            ["workspace_id", "priority", "due_at"],
            unique=False,
            postgresql_where=sa.text("state IN ('pending', 'sending')"),
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
        )
        batch_op.create_index(batch_op.f("ix_delivery_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_delivery_subject", ["kind", "subject_id"], unique=False)

    op.create_table(
        "learning_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("preparation", sa.String(), nullable=True),
        sa.Column("cancelled_at", bot.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_learning_session_edition_id")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_learning_session_track_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_session")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_learning_session_edition_id_code")),
    )
    op.create_table(
        "participation_role",
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "manager",
                "nurse",
                "board",
                "staff_board",
                "mentor",
                "coach",
                "trainer",
                "coordinator",
                "programme_leader",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_participation_role_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", "role", name=op.f("pk_participation_role")),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_team_member_participation_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id")),
        sa.PrimaryKeyConstraint("team_id", "participation_id", name=op.f("pk_team_member")),
    )
    op.create_table(
        "track_role",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "manager",
                "nurse",
                "board",
                "staff_board",
                "mentor",
                "coach",
                "trainer",
                "coordinator",
                "programme_leader",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_track_role_track_id")),
        sa.PrimaryKeyConstraint("track_id", "role", name=op.f("pk_track_role")),
    )
    op.create_table(
        "session_response",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Enum("yes", "maybe", "no", name="answer", native_enum=False, length=40), nullable=False),
        sa.Column("for_start", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", bot.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_response_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["learning_session.id"], name=op.f("fk_session_response_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_response")),
    )


def downgrade() -> None:
    op.drop_table("session_response")
    op.drop_table("track_role")
    op.drop_table("team_member")
    op.drop_table("participation_role")
    op.drop_table("learning_session")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_subject")
        batch_op.drop_index(batch_op.f("ix_delivery_person_id"))
        batch_op.drop_index(
            "ix_delivery_open",
            postgresql_where=sa.text("state IN ('pending', 'sending')"),
            sqlite_where=sa.text("state IN ('pending', 'sending')"),
        )

    op.drop_table("delivery")
    op.drop_table("checkin_draft")
    op.drop_table("checkin")
    op.drop_table("track")
    op.drop_table("team")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_person_id"))

    op.drop_table("participation")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_person_id"))

    op.drop_table("identity")
    op.drop_table("edition_hospital")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_state"))

    op.drop_table("announcement")
    op.drop_table("workspace")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_email"))

    op.drop_table("person")
    op.drop_table("hospital")
    op.drop_table("edition")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index("ix_schedule_next_at")

    op.drop_table("schedule")
    op.drop_table("network")
