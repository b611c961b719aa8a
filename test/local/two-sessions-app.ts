/** Two `SingleSession` in one stack, each with an API and with push, as they are by default. */
import { App, Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { SingleSession } from "../../infra/index.ts";

const app = new App();
const stack = new Stack(app, "Mine");
for (const id of ["Shop", "Staff"]) {
  new SingleSession(stack, id, { identity: [], jobs: false }).addRoutes(new HttpApi(stack, `${id}Api`));
}
app.synth();
