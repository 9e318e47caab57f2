import type { OperationName } from '../../../shared/operations.ts';
import { assumedRole } from '../../gallery/gallery-event.ts';
import { callShape } from './call-shapes.ts';
import { envelopeText, eventIdOf } from './queued-text.ts';

export interface BurstShape {
  readonly calls: number;
  readonly principals: number;
  readonly flows: number;
}

/** What a deployment does, or an operator in a hurry: some of it on air. */
const OPERATIONS: readonly OperationName[] = [
  'UpdateFlow',
  'UpdateFlowOutput',
  'StopFlow',
  'AddFlowOutputs',
  'StartFlow',
  'RemoveFlowOutput',
  'TagResource',
  'GrantFlowEntitlements',
];

const flowArn = (flow: number): string =>
  `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-Regional${flow}-0000000${flow}:Regional-${flow}`;

/** The text of the burst's call with that number; each principal works through all flows. */
export function burstCall(number: number, { principals, flows }: BurstShape): string {
  const operation = OPERATIONS[number % OPERATIONS.length] ?? 'UpdateFlow';
  const shape = callShape(operation);
  const arn = encodeURIComponent(flowArn(number % flows));
  const named = operation === 'TagResource' ? { resourceArn: arn } : { flowArn: arn };
  return envelopeText({
    ...shape,
    requestParameters: { ...shape.requestParameters, ...named },
    responseElements: null,
    userIdentity: assumedRole('Operators', `person-${Math.floor(number / flows) % principals}@example.org`),
    eventTime: new Date(Date.parse('2026-11-22T19:59:00Z') + Math.floor(number / 50) * 1000).toISOString(),
    eventID: eventIdOf(number),
  });
}
