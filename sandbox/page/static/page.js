// The page's script. The server draws everything; this fetches, morphs, and does what HTML alone cannot.
//
// It is plain modules over one morphing library and no framework: every change, whoever made it, is handled by the
// one function `refresh`, so attributes that wire up parts of the page would only say the same thing in many places.

import { startBar } from "./bar.js";
import { startComposer } from "./composer.js";
import { startConfirm } from "./confirm.js";
import { startFields } from "./fields.js";
import { startLive } from "./live.js";
import { startMessages } from "./messages.js";
import { startMenus, startPeople } from "./people.js";
import { startModal } from "./modal.js";

startMessages();
startConfirm();
startModal();
startFields();
startMenus();
startPeople();
startBar();
startComposer();
startLive();
