import { withDefaults, type SessionStoreOptions, type SignInSettings } from "./dependencies.ts";
import { endOne, endOthers, logout } from "./end-own.ts";
import { listAll, listEndings, listUser } from "./list.ts";
import { login } from "./login.ts";
import { revoke } from "./revoke.ts";
import { revokeOne } from "./revoke-one.ts";
import { logOutSignIn } from "./log-out-sign-in.ts";
import type { SignInStore } from "./sign-in-store.ts";
import type { SessionStore } from "./store.ts";
import { logInBySignIn, useSignIn } from "./use-sign-in.ts";
import { validate } from "./validate.ts";
import { validateSignIn } from "./validate-sign-in.ts";

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

/** What a store of sign-ins needs beside what one of sessions does: the sign-in table. */
export type SignInStoreOptions = SessionStoreOptions & { readonly signIns: SignInSettings };

/**
 * The sessions bound to sign-ins at a provider, of the same tables. Each instance remembers what it has seen
 * whole: make one, and keep it.
 */
export function createSignInStore(options: SignInStoreOptions): SignInStore {
  const dependencies = withDefaults(options);
  return {
    validateSignIn: (request) => validateSignIn(dependencies, request),
    useSignIn: (request) => useSignIn(dependencies, request),
    logInBySignIn: (request) => logInBySignIn(dependencies, request),
    logOutSignIn: (token) => logOutSignIn(dependencies, token),
  };
}

/** The part of it that never makes a session, for the guard and for functions without the right to. */
export function createSignInValidator(options: SignInStoreOptions): Pick<SignInStore, "validateSignIn"> {
  const dependencies = withDefaults(options);
  return { validateSignIn: (request) => validateSignIn(dependencies, request) };
}
