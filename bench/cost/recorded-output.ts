/**
 * What a process writes to its output while an action runs: what Lambda would put into the function's log.
 */
export async function outputDuring<T>(
  action: () => Promise<T>,
): Promise<{ readonly result: T; readonly output: string }> {
  const parts: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  const record = (chunk: string | Uint8Array): boolean => {
    parts.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    return true;
  };
  for (const stream of streams) stream.write = record;
  try {
    return { result: await action(), output: parts.join("") };
  } finally {
    for (const [index, stream] of streams.entries()) {
      const original = originals[index];
      if (original !== undefined) stream.write = original;
    }
  }
}
