import { withDefaults, type SessionStoreOptions } from "./dependencies.ts";
import { endOne, endOthers, logout } from "./end-own.ts";
import { listAll, listEndings, listUser } from "./list.ts";
import { login } from "./login.ts";
import { revoke } from "./revoke.ts";
import { revokeOne } from "./revoke-one.ts";
import type { SessionStore } from "./store.ts";
import { validate } from "./validate.ts";

/** The store of one sessions table. See {@link SessionStore} for what it promises. */
export function createSessionStore(options: SessionStoreOptions): SessionStore {
  const dependencies = withDefaults(options);
  return {
    login: (request) => login(dependencies, request),
    validate: (token, how) => validate(dependencies, token, how),
    logout: (token) => logout(dependencies, token),
    endOne: (token, id) => endOne(dependencies, token, id),
    endOthers: (token) => endOthers(dependencies, token),
    revoke: (request) => revoke(dependencies, request),
    revokeOne: (request) => revokeOne(dependencies, request),
    listUser: (userId, page) => listUser(dependencies, userId, page),
    listAll: (page) => listAll(dependencies, page),
    listEndings: (userId, page) => listEndings(dependencies, userId, page),
  };
}

/** The part of a store that validates: all that most calls need, and all that their functions then load. */
export function createSessionValidator(options: SessionStoreOptions): Pick<SessionStore, "validate"> {
  const dependencies = withDefaults(options);
  return { validate: (token, how) => validate(dependencies, token, how) };
}
