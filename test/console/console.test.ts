// Longest: started first.
/** The page in a real browser before a local stack; all in one file, which starts both once. */
import "./sign-in.ts";
import "./devices.ts";
import "./notice.ts";
import "./users.ts";
import "./users-table.ts";
import "./looks.ts";
import "./languages.ts";
import "./activity/none.ts";
import "./activity/overview.ts";
import "./activity/sharing.ts";
import "./activity/activity.ts";
import "./many-users.ts";
import "./long-lists.ts";
import "./dev-server.ts";
import "./pictures.ts";
import "./activity/pictures.ts";
import "./moving-picture.ts";
