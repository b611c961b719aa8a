import { createAdminLogoutHandler } from "./admin-logout-handler.ts";
import { wireDirectory } from "./directory-wiring.ts";
import { wire } from "./wiring.ts";

const wiring = wire();

export const handler = createAdminLogoutHandler({ ...wiring, directory: wireDirectory(wiring) });
