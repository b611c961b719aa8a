import { z } from "zod";
import { readOr, type ResolvedResource } from "./resource.ts";

/** An app client of a Cognito user pool. */
export interface AppClient {
  readonly clientId: string;
  readonly userPoolId: string;
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
}

/** What `Ref` gives of an app client here: Cognito's ids are of small letters and digits. */
export const appClientId = (logicalId: string): string => logicalId.toLowerCase();

const schema = z.object({
  UserPoolId: z.string(),
  CallbackURLs: z.array(z.string()).default([]),
  LogoutURLs: z.array(z.string()).default([]),
});

/** The app clients of a template. One that cannot be read is left out: Cognito itself does not run here. */
export function readAppClients(resources: readonly ResolvedResource[]): AppClient[] {
  return resources
    .filter(({ type }) => type === "AWS::Cognito::UserPoolClient")
    .flatMap((resource) =>
      readOr<AppClient[]>(
        resource.constructId,
        () => {
          const { UserPoolId, CallbackURLs, LogoutURLs } = schema.parse(resource.properties());
          return [
            {
              clientId: appClientId(resource.logicalId),
              userPoolId: UserPoolId,
              callbackUrls: CallbackURLs,
              logoutUrls: LogoutURLs,
            },
          ];
        },
        () => [],
      ),
    );
}
