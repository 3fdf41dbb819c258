// Every page: clock and chips, the live line, keys, theme.
import * as chips from "./chips.js";
import * as command from "./command.js";
import * as keys from "./keys.js";
import * as leave from "./leave.js";
import * as live from "./live.js";
import * as parts from "./parts.js";
import * as theme from "./theme.js";
import * as toast from "./toast.js";

for (const part of [chips, command, keys, leave, live, parts, theme, toast]) part.start();
