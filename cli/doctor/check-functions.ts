import { functionSettingsText } from '../../infra/function-settings-text.ts';
import { queueNameOf } from '../aws/queue-name-of.ts';
import { type Check, failed, faultsOr, look } from './check.ts';
import { deployAgain, type Examined } from './examined.ts';

const functionsOf = ({ stack: { outputs } }: Examined) => [
  { role: 'notifier', name: outputs.NotifierFunctionName },
  { role: 'digest', name: outputs.DigestFunctionName },
  { role: 'summary', name: outputs.SummaryFunctionName },
];

async function checkFunction(examined: Examined, role: string, name: string): Promise<readonly Check[]> {
  const check = `function ${role}`;
  return look(check, async () => {
    const { sdk, client } = await examined.clients.lambda();
    const found = await client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name }));
    const { display } = functionSettingsText(examined.context, examined.rules);
    const shown = found.Environment?.Variables?.DISPLAY_SETTINGS;
    const faults = [
      // Lambda puts a function to sleep that was not called for weeks, and wakes it by itself.
      ...(found.State === 'Active' || found.State === 'Inactive' ? [] : [`its state is ${found.State}`]),
      ...(found.LastUpdateStatus === 'Failed' ? [`its last update failed: ${found.LastUpdateStatusReason ?? ''}`] : []),
      ...(shown === undefined || shown === display
        ? []
        : ['its channels, account names or shown parameters are not those of the context']),
    ];
    return [faultsOr(check, faults, 'is active', deployAgain(examined))];
  });
}

/** Whether Lambda reads the queue for the notifier, and in the way that keeps what was not told. */
async function checkMapping(examined: Examined): Promise<readonly Check[]> {
  const check = 'event source mapping';
  const { EventSourceMappingId, ImmediateQueueUrl } = examined.stack.outputs;
  return look(check, async () => {
    const { sdk, client } = await examined.clients.lambda();
    const mapping = await client.send(new sdk.GetEventSourceMappingCommand({ UUID: EventSourceMappingId }));
    const { State = 'unknown', EventSourceArn, FunctionResponseTypes = [] } = mapping;
    if (State !== 'Enabled') {
      const enable = `aws lambda update-event-source-mapping --uuid ${EventSourceMappingId} --enabled --region ${examined.settings.region}`;
      return [failed(check, `its state is ${State}: nothing is told, calls wait in the queue`, enable)];
    }
    const faults = [
      ...(EventSourceArn?.endsWith(`:${queueNameOf(ImmediateQueueUrl)}`) ? [] : ['it reads another queue']),
      ...(FunctionResponseTypes.includes('ReportBatchItemFailures')
        ? []
        : ['it does not report single records: one that cannot be told would bring its whole batch back']),
    ];
    return [faultsOr(check, faults, 'enabled, reads the immediate queue', deployAgain(examined))];
  });
}

/** The functions, and how the notifier gets its records. */
export async function checkFunctions(examined: Examined): Promise<readonly Check[]> {
  const functions = functionsOf(examined).map(({ role, name }) => checkFunction(examined, role, name));
  return (await Promise.all([checkMapping(examined), ...functions])).flat();
}
