// Reads header values, one JSON string per line, parses each as a Structured Field List, and prints one JSON line for each:
// [{ value, type, parameters: { name: { value, type } } }], or { error }.
import { createInterface } from 'node:readline';
import { parseList } from 'structured-headers';

const typed = (value) => ({ value, type: value?.constructor?.name ?? typeof value });

for await (const line of createInterface({ input: process.stdin })) {
  let output;
  try {
    output = parseList(JSON.parse(line)).map(([value, parameters]) => ({
      ...typed(value),
      parameters: Object.fromEntries([...parameters].map(([name, parameter]) => [name, typed(parameter)])),
    }));
  } catch (error) {
    output = { error: String(error) };
  }

  console.log(JSON.stringify(output));
}
