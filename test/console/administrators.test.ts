// Long: started first.
/** The pages of users and sessions, in a real browser before a local stack of their own. */
import "./users.ts";
import "./users-table.ts";
import "./many-users.ts";
import "./long-lists.ts";
