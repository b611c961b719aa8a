import { Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { ENVIRONMENT } from "../src/http/function-settings.ts";
import type { Functions } from "./functions.ts";
import { SettingError } from "./setting-error.ts";

const GENERATION_SHAPE = /^[A-Za-z0-9]{1,32}$/;
const ID_PREFIX = "OriginSecret";

/** Letters and digits: a header takes them all, and 43 of them are more than 2^256 values. */
const SECRET_LENGTH = 43;

/**
 * The one origin secret of `scope`: made, and put into the environment of every function that answers through an API, by the first
 * call. It lies beside the functions, so that a CDN in another stack needs their stack and not they its.
 *
 * The template has a reference to it (`{{resolve:secretsmanager:...}}`), never its value: CloudFormation puts that in when it makes
 * or changes a resource. From then on it stands in clear in the functions' environment and in the distribution's configuration, for
 * whoever may read those. What it opens is to say another address and host than one's own.
 * @throws SettingError for a generation that is none, and for a second one.
 */
export function createOriginSecret(scope: Construct, generation: string, functions: Functions): Secret {
  const id = ID_PREFIX + generation;
  const made = scope.node.children.find((child) => child instanceof Secret);
  const given = { name: "secretGeneration", source: "prop", value: generation } as const;
  if (made?.node.id === id) return made;
  if (!GENERATION_SHAPE.test(generation)) throw SettingError.forValue(given, "1 to 32 letters and digits");
  if (made) {
    const other = made.node.id.slice(ID_PREFIX.length);
    throw SettingError.forValue(
      given,
      `${JSON.stringify(other)}, which another console of these sessions has`,
    );
  }
  const secret = new Secret(scope, id, {
    description: "Single session: what the distribution before the API proves itself by",
    generateSecretString: { passwordLength: SECRET_LENGTH, excludePunctuation: true },
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions-SMG4",
    reason:
      "CloudFront and Lambda get the value when they are deployed, so that rotating it by a schedule would only part the two; " +
      "another generation and a deployment change it.",
  });
  for (const [name, lambda] of Object.entries(functions)) {
    // It gives no route an answer: it reads the token of a request and nothing else.
    if (name === "authorize") continue;
    lambda.addEnvironment(ENVIRONMENT.originSecret, secret.secretValue.unsafeUnwrap());
  }
  return secret;
}
