import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { getSession } from "serverless-single-session/guard/authorizer";

export const handler = async (event: APIGatewayProxyEventV2) => {
  const { userId, isAdmin } = getSession(event);
  return { statusCode: 200, body: `reports of ${userId}${isAdmin ? ", an administrator" : ""}` };
};
