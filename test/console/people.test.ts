// Longest: started first.
/** What everybody sees of the page, in a real browser before a local stack: both are started once a file. */
import "./sign-in.ts";
import "./devices.ts";
import "./notice.ts";
import "./looks.ts";
import "./languages.ts";
import "./dev-server.ts";
