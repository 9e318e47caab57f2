/**
 * One start: loads a built function and lets it handle its first event. Imports nothing, as Lambda would not, and is plain
 * JavaScript, so that Node's own compiler for types is not at work beside what is measured.
 */
const [, , modulePath = '', eventText = ''] = process.argv;
const startMs = performance.now();
const { handler } = await import(modulePath);
const readyMs = performance.now();
const deadlineMs = Date.now() + 120_000;
await handler(JSON.parse(eventText), {
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:bench',
  memoryLimitInMB: '512',
  awsRequestId: '00000000-0000-4000-8000-000000000001',
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});
const handledMs = performance.now();
console.log(JSON.stringify({ readyMs: readyMs - startMs, handledMs: handledMs - startMs }));
process.exit(0);
