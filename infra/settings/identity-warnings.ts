import { Annotations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { issuersOf, type OidcSourceSettings } from "../../src/identity/oidc-settings.ts";

/** Ids of the warnings, by which `Annotations.of(construct).acknowledgeWarning(id)` puts them aside. */
export const IDENTITY_WARNINGS = {
  pairwiseSubjects: "serverless-single-session:pairwiseSubjects",
  splitProvider: "serverless-single-session:splitProvider",
} as const;

/**
 * Warns at synth about sources with which one person may become two users, each with sessions of their own.
 */
export function warnAboutIdentity(scope: Construct, sources: readonly OidcSourceSettings[]): void {
  const annotations = Annotations.of(scope);
  for (const [index, source] of sources.entries()) {
    if (mayBePairwise(source)) {
      annotations.addWarningV2(
        IDENTITY_WARNINGS.pairwiseSubjects,
        `The identity source "${source.name}" accepts several audiences and knows its users by "sub". A provider with pairwise ` +
          "subjects (Entra ID; others where it is set) gives one person another sub for each client, which makes two users here, " +
          'both with live sessions. Set userIdClaim to a claim that is the same for every client (Entra ID: "oid"), or to "sub" ' +
          "where you know that your provider's subjects are the same for every client.",
      );
    }
    const earlier = sources.slice(0, index).find((other) => haveOneIssuer(other, source));
    if (earlier !== undefined) {
      annotations.addWarningV2(
        IDENTITY_WARNINGS.splitProvider,
        `The identity sources "${earlier.name}" and "${source.name}" have the same issuer. User ids begin with the source's name, ` +
          "so a person who signs in by both is two users here, both with live sessions. Give one source with an audience list instead.",
      );
    }
  }
}

/** The subjects of a Cognito user pool are the same for all of its clients. */
const mayBePairwise = (source: OidcSourceSettings): boolean =>
  source.kind === "oidc" && source.audience.length > 1 && source.userIdClaim === undefined;

const haveOneIssuer = (one: OidcSourceSettings, other: OidcSourceSettings): boolean =>
  issuersOf(one).some((issuer) => issuersOf(other).includes(issuer));
