"""The emoji that messages name by `:word:`; a word that is not here stays as typed, as in Slack."""

import re

EMOJI = {
    "+1": "👍", "-1": "👎", "thumbsup": "👍", "thumbsdown": "👎", "arrow_right": "➡️", "arrow_left": "⬅️",
    "arrow_up": "⬆️", "arrow_down": "⬇️", "alarm_clock": "⏰", "bar_chart": "📊", "bell": "🔔", "no_bell": "🔕",
    "blue_heart": "💙", "green_heart": "💚", "heart": "❤️", "books": "📚", "bookmark": "🔖", "brain": "🧠",
    "bulb": "💡", "busts_in_silhouette": "👥", "bust_in_silhouette": "👤", "calendar": "📆", "date": "📅",
    "spiral_calendar_pad": "🗓️", "camera": "📷", "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉",
    "clap": "👏", "clipboard": "📋", "clock": "🕘", "clock3": "🕒", "clock9": "🕘", "stopwatch": "⏱️",
    "timer_clock": "⏲️", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "coffee": "☕", "cross_mark": "❌",
    "x": "❌", "white_check_mark": "✅", "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️",
    "construction": "🚧", "dart": "🎯", "door": "🚪", "email": "📧", "envelope": "✉️", "exclamation": "❗",
    "question": "❓", "eyes": "👀", "face_with_monocle": "🧐", "fire": "🔥", "flag-nl": "🇳🇱", "flag-gb": "🇬🇧",
    "gear": "⚙️", "globe_with_meridians": "🌐", "handshake": "🤝", "hospital": "🏥", "house": "🏠",
    "information_source": "ℹ️", "jigsaw": "🧩", "key": "🔑", "large_blue_circle": "🔵", "large_green_circle": "🟢",
    "large_yellow_circle": "🟡", "large_orange_circle": "🟠", "red_circle": "🔴", "white_circle": "⚪",
    "black_circle": "⚫", "link": "🔗", "lock": "🔒", "unlock": "🔓", "mag": "🔍", "mailbox": "📫", "memo": "📝",
    "pencil": "📝", "pencil2": "✏️", "mega": "📣", "loudspeaker": "📢", "microphone": "🎤", "moon": "🌔",
    "mute": "🔇", "no_entry": "⛔", "no_entry_sign": "🚫", "ok_hand": "👌", "palm_tree": "🌴", "paperclip": "📎",
    "partying_face": "🥳", "tada": "🎉", "pause_button": "⏸️", "double_vertical_bar": "⏸️",
    "arrow_forward": "▶️", "arrows_counterclockwise": "🔄", "repeat": "🔁", "pill": "💊", "pray": "🙏",
    "pushpin": "📌", "round_pushpin": "📍", "raised_hand": "✋", "raised_hands": "🙌", "hand": "✋",
    "rocket": "🚀", "rotating_light": "🚨", "seedling": "🌱", "herb": "🌿", "deciduous_tree": "🌳",
    "shield": "🛡️", "slightly_smiling_face": "🙂", "smile": "😄", "blush": "😊", "sparkles": "✨",
    "speech_balloon": "💬", "left_speech_bubble": "🗨️", "thought_balloon": "💭", "star": "⭐", "stethoscope": "🩺",
    "sunny": "☀️", "telephone_receiver": "📞", "thinking_face": "🤔", "trophy": "🏆", "wastebasket": "🗑️",
    "warning": "⚠️", "wave": "👋", "wheel_of_dharma": "☸️", "wrench": "🔧", "writing_hand": "✍️", "zap": "⚡",
    "zzz": "💤", "one": "1️⃣", "two": "2️⃣", "three": "3️⃣", "four": "4️⃣", "five": "5️⃣",
}  # fmt: skip
"""Laid out as a word list: one pair a line would bury the code under two hundred lines."""

WORD = re.compile(r":([a-z0-9_+-]+):")


def emojify(text: str) -> str:
    """Replace the emoji words in plain text; safe before or after escaping, as no emoji needs escaping."""
    return WORD.sub(lambda found: EMOJI.get(found[1], found[0]), text)
