import type { APIGatewayProxyWithLambdaAuthorizerEvent } from "aws-lambda";

interface Caller {
  userId: string;
  sessionId: string;
  isAdmin: string; // "true" or "false"
  permissions: string; // JSON
}

export const handler = async (event: APIGatewayProxyWithLambdaAuthorizerEvent<Caller>) => {
  const { userId, isAdmin, permissions } = event.requestContext.authorizer;
  const names = JSON.parse(permissions) as string[];
  const may = isAdmin === "true" || names.includes("reports");
  return may ? { statusCode: 200, body: `reports of ${userId}` } : { statusCode: 403, body: "" };
};
