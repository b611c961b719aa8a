/** A front end as people write it, with the libraries that they use: bundled for the browser by the test. */
import { Amplify, defaultStorage, fetchAuthSession } from "@aws-amplify/core";
import { getCurrentUser, signIn, signInWithRedirect, signOut } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "@aws-amplify/auth/cognito";
import "@aws-amplify/auth/enable-oauth-listener";
import { UserManager } from "oidc-client-ts";

declare global {
  interface Window {
    readonly settings: {
      readonly userPoolId: string;
      readonly userPoolClientId: string;
      /** `http://localhost:3001` */
      readonly cognito: string;
      readonly corp: string;
    };
    frontEnd: Record<string, unknown>;
  }
}

const { userPoolId, userPoolClientId, cognito, corp } = window.settings;
const here = `${window.location.origin}/`;

const Auth = {
  Cognito: {
    userPoolId,
    userPoolClientId,
    userPoolEndpoint: cognito,
    loginWith: {
      oauth: {
        domain: new URL(cognito).host,
        scopes: ["openid", "email", "profile"],
        redirectSignIn: [here],
        redirectSignOut: [here],
        responseType: "code" as const,
      },
    },
  },
};
// What the package `aws-amplify`, which is more than these tests need, does in its `Amplify.configure`.
cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
cognitoUserPoolsTokenProvider.setKeyValueStorage(defaultStorage);
Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });

const manager = new UserManager({
  authority: corp,
  client_id: "shop",
  redirect_uri: `${here}oidc`,
  post_logout_redirect_uri: here,
  scope: "openid profile",
});

window.frontEnd = {
  signIn,
  signInWithRedirect,
  signOut,
  getCurrentUser,
  tokens: async (forceRefresh = false) => {
    const { tokens } = await fetchAuthSession({ forceRefresh });
    return { access: tokens?.accessToken.toString(), id: tokens?.idToken?.toString() };
  },
  oidcSignIn: () => manager.signinRedirect(),
  oidcFinish: async () => (await manager.signinRedirectCallback()).profile,
  oidcUser: () => manager.getUser(),
  oidcRefresh: async () => (await manager.signinSilent())?.access_token,
  oidcSignOut: () => manager.signoutRedirect(),
};
