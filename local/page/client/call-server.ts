import type { ActionAnswer } from '../page-protocol.ts';

/** Reads JSON from the page's server. @throws Error with the server's words when it refuses. */
export async function readFromServer<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path);
  const answer = await response.json();
  if (!response.ok) throw new Error((answer as ActionAnswer).said);
  return answer as Answer;
}

/** Has the pipeline do something; returns what it says it did. @throws Error when it did not. */
export async function askServer(path: string, body: object = {}): Promise<string> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { said } = (await response.json()) as ActionAnswer;
  if (!response.ok) throw new Error(said);
  return said;
}
