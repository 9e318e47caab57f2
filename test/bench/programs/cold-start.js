/**
 * One start: loads a built function and has it handle the same event several times: `module`, event, times. Imports
 * nothing, as Lambda would not, and is plain JavaScript, so that Node's own compiler for types is not at work beside what
 * is measured.
 */
const [, , modulePath = '', eventText = '', timesText = ''] = process.argv;

const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** When Slack's answer to the latest post was there: as Node's HTTP client says it, and as `fetch` does. */
let posted = { us: Number.NaN, ms: Number.NaN };
const onAnswer = ({ request }) => {
  if (request.path.startsWith('/services/')) posted = { us: cpuUs(), ms: performance.now() };
};
const channels = process.getBuiltinModule('node:diagnostics_channel');
channels.subscribe('http.client.response.finish', onAnswer);
channels.subscribe('undici:request:headers', onAnswer);

/** Each invocation comes a minute after the last one, so that every message is one after a quiet time. */
const BETWEEN_MS = 60_000;
const realNow = Date.now;
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;

const startUs = cpuUs();
const { handler } = await import(modulePath);
const initUs = cpuUs() - startUs;

async function invoke() {
  posted = { us: Number.NaN, ms: Number.NaN };
  const deadlineMs = Date.now() + 120_000;
  const [beginUs, beginMs] = [cpuUs(), performance.now()];
  await handler(JSON.parse(eventText), {
    functionName: 'bench',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:bench',
    memoryLimitInMB: '512',
    awsRequestId: '00000000-0000-4000-8000-000000000001',
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  });
  return { us: cpuUs() - beginUs, postedUs: posted.us - beginUs, postedMs: posted.ms - beginMs };
}

const invocations = [];
for (let time = 0; time < Number(timesText); time += 1) {
  invocations.push(await invoke());
  aheadMs += BETWEEN_MS;
}
// Where nothing is posted there is nothing to say of it.
console.log(JSON.stringify({ initUs, invocations }));
process.exit(0);
