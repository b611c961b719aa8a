/** As Lambda sets them: a call's trace id goes into each line. */
export async function withLambdaVariables<T>(action: () => Promise<T>): Promise<T> {
  const variables = {
    POWERTOOLS_DEV: "false",
    POWERTOOLS_METRICS_DISABLED: "false",
    _X_AMZN_TRACE_ID: "Root=1-68a1b2c3-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0",
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

/** What this process writes while an action runs: what Lambda would put into the function's log. */
export async function outputDuring<T>(
  action: () => Promise<T>,
): Promise<{ readonly result: T; readonly output: string }> {
  let output = "";
  const restore = [process.stdout, process.stderr].map((stream) => {
    const original = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array): boolean => {
      output += Buffer.from(chunk).toString();
      return true;
    };
    return () => (stream.write = original);
  });
  try {
    const result = await action();
    return { result, output };
  } finally {
    for (const each of restore) each();
  }
}
