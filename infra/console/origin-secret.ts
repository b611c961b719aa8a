import { Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import type { Functions } from "../functions.ts";
import { SettingError } from "../settings/setting-error.ts";

const GENERATION_SHAPE = /^[A-Za-z0-9]{1,32}$/;
const ID_PREFIX = "OriginSecret";

/** Letters and digits: a header takes them all, and 43 of them are more than 2^256 values. */
const SECRET_LENGTH = 43;

/**
 * The one origin secret of `scope`: made, and put into the environment of every function that answers through
 * an API, by the first call. It lies beside the functions, so that a CDN in another stack needs their stack
 * and not they its.
 *
 * The template has a reference to it (`{{resolve:secretsmanager:...}}`), never its value: CloudFormation puts
 * that in when it makes or changes a resource. From then on it stands in clear in the functions' environment
 * and in the distribution's configuration, for everybody who may read those. With it, one can claim another
 * address and host.
 * @param accepted other generations that the functions take as well, while one is being replaced.
 * @throws SettingError for a value that is no generation, and for one that was not made by the first call.
 */
export function createOriginSecret(
  scope: Construct,
  generation: string,
  functions: Functions,
  { accepted = [], encryptionKey }: OriginSecretOptions = {},
): Secret {
  const made = scope.node.children.filter((child) => child instanceof Secret);
  const find = (wanted: string): Secret => {
    const given = { name: "secretGeneration", source: "prop", value: wanted } as const;
    const found = made.find(({ node }) => node.id === ID_PREFIX + wanted);
    if (found) return found;
    if (typeof wanted !== "string" || !GENERATION_SHAPE.test(wanted))
      throw SettingError.forValue(given, "1 to 32 letters and digits");
    const [other] = made;
    if (other === undefined) return makeSecret(scope, wanted, encryptionKey);
    const known = made.map(({ node }) => JSON.stringify(node.id.slice(ID_PREFIX.length))).join(" or ");
    throw SettingError.forValue(given, `${known}, which another console of these sessions has`);
  };
  const secret = find(generation);
  const secrets = [secret, ...accepted.map(find)];
  if (made.length === 0) {
    const values = secrets.map((secret) => secret.secretValue.unsafeUnwrap()).join(",");
    for (const lambda of Object.values(functions)) lambda.addEnvironment(ENVIRONMENT.originSecret, values);
  }
  return secret;
}

/** What an origin secret may be like. */
export interface OriginSecretOptions {
  readonly accepted?: readonly string[] | undefined;
  readonly encryptionKey?: IKey | undefined;
}

/** Whether anybody asked for the origin secret. */
export const hasOriginSecret = (scope: Construct): boolean =>
  scope.node.children.some((child) => child instanceof Secret);

function makeSecret(scope: Construct, generation: string, encryptionKey: IKey | undefined): Secret {
  const secret = new Secret(scope, ID_PREFIX + generation, {
    ...(encryptionKey && { encryptionKey }),
    description: "Single session: what the distribution before the API proves itself by",
    generateSecretString: { passwordLength: SECRET_LENGTH, excludePunctuation: true },
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions-SMG4",
    reason:
      "CloudFront and Lambda get the value when they are deployed, so that rotating it by a schedule " +
      "would only part the two; another generation and a deployment change it.",
  });
  return secret;
}
