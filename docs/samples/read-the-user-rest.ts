import type { APIGatewayProxyEvent } from "aws-lambda";
import { getSession } from "serverless-single-session/guard/authorizer";

export const handler = async (event: APIGatewayProxyEvent) => {
  const { userId, isAdmin, permissions } = getSession(event);
  const may = isAdmin || permissions.includes("reports");
  return may ? { statusCode: 200, body: `reports of ${userId}` } : { statusCode: 403, body: "" };
};
