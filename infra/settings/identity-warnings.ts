import { Annotations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { issuersOf, type OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { ENTRA_HOST } from "./issuer-setting.ts";

/** Ids of the warnings, by which `Annotations.of(construct).acknowledgeWarning(id)` puts them aside. */
export const IDENTITY_WARNINGS = {
  pairwiseSubjects: "serverless-single-session:pairwiseSubjects",
  splitProvider: "serverless-single-session:splitProvider",
  signInTime: "serverless-single-session:signInTime",
} as const;

/**
 * Warns at synth about sources with which one person may become two users, each with sessions of their own,
 * and about providers whose id tokens say when somebody signed in only where that was switched on there.
 */
export function warnAboutIdentity(scope: Construct, sources: readonly OidcSourceSettings[]): void {
  const annotations = Annotations.of(scope);
  for (const [index, source] of sources.entries()) {
    if (mayBePairwise(source)) {
      annotations.addWarningV2(
        IDENTITY_WARNINGS.pairwiseSubjects,
        `The identity source "${source.name}" accepts several audiences and knows its users by "sub". A ` +
          "provider with pairwise subjects (Entra ID; others where it is set) gives one person another " +
          "sub for each client, which makes two users here, both with live sessions. Set userIdClaim to a " +
          'claim that is the same for every client (Entra ID: "oid"), or to "sub" where you know that ' +
          "your provider's subjects are the same for every client.",
      );
    }
    if (mayLackSignInTime(source)) {
      annotations.addWarningV2(
        IDENTITY_WARNINGS.signInTime,
        `The identity source "${source.name}" is a provider whose id tokens have auth_time only where ` +
          "it is switched on there (Entra ID: the optional claim auth_time; Google: session age claims). " +
          "An id token with neither auth_time nor sid is refused. Switch it on, then acknowledge this; or " +
          "set acceptIssuedAt, with which a device that was displaced can sign itself in again.",
      );
    }
    const earlier = sources.slice(0, index).find((other) => haveOneIssuer(other, source));
    if (earlier !== undefined) {
      annotations.addWarningV2(
        IDENTITY_WARNINGS.splitProvider,
        `The identity sources "${earlier.name}" and "${source.name}" have the same issuer. User ids ` +
          "begin with the source's name, so a person who signs in by both is two users here, both with " +
          "live sessions. Give one source with an audience list instead.",
      );
    }
  }
}

/** The subjects of a Cognito user pool are the same for all of its clients. */
const mayBePairwise = (source: OidcSourceSettings): boolean =>
  source.kind === "oidc" && source.audience.length > 1 && source.userIdClaim === undefined;

/** What is known of providers by their issuers; of others only their tokens tell. */
const mayLackSignInTime = (source: OidcSourceSettings): boolean =>
  source.kind === "oidc" && source.acceptIssuedAt !== true && issuersOf(source).some(isGoogleOrEntra);

function isGoogleOrEntra(issuer: string): boolean {
  const host = URL.parse(issuer)?.hostname;
  return host !== undefined && (host === "accounts.google.com" || ENTRA_HOST.test(host));
}

const haveOneIssuer = (one: OidcSourceSettings, other: OidcSourceSettings): boolean =>
  issuersOf(one).some((issuer) => issuersOf(other).includes(issuer));
