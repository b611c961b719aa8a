// Longest: started first.
/** The pages of what happened, in a real browser before a local stack of their own; last, all pictures. */
import "./activity/none.ts";
import "./activity/overview.ts";
import "./activity/sharing.ts";
import "./activity/activity.ts";
import "./pictures.ts";
import "./activity/pictures.ts";
import "./moving-picture.ts";
