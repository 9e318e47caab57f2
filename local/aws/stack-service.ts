import type { FunctionModel, MappingModel, StackModel } from '../template/stack-model.ts';
import { escapeXml } from './gateway.ts';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService, notServed } from './service.ts';

export interface StackServiceOptions {
  readonly stackName: string;
  readonly model: StackModel;
  readonly createdAtMs: number;
}

const SERVED = ['cloudformation:DescribeStacks', 'lambda:GetEventSourceMapping', 'lambda:GetFunctionConfiguration'];

const json = (value: unknown): AwsResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, { status: 404 });

const describeMapping = (id: string, mapping: MappingModel) => ({
  UUID: id,
  EventSourceArn: mapping.queueArn,
  FunctionArn: mapping.functionArn,
  State: mapping.enabled ? 'Enabled' : 'Disabled',
  BatchSize: mapping.batchSize,
  MaximumBatchingWindowInSeconds: mapping.windowMs / 1000,
  FunctionResponseTypes: mapping.reportsBatchItemFailures ? ['ReportBatchItemFailures'] : [],
  ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
});

const describeFunction = ({ name, arn, handler, timeoutMs, memoryMegabytes, environment }: FunctionModel) => ({
  FunctionName: name,
  FunctionArn: arn,
  Runtime: 'nodejs24.x',
  Handler: handler,
  Timeout: timeoutMs / 1000,
  MemorySize: memoryMegabytes,
  Environment: { Variables: environment },
  State: 'Active',
  LastUpdateStatus: 'Successful',
});

/**
 * What CloudFormation and Lambda say of a deployed stack, as far as the template on this machine knows it. Their
 * protocols have no `X-Amz-Target`: one sends forms and reads XML, the other has a path for each resource.
 */
export function createStackService({ stackName, model, createdAtMs }: StackServiceOptions): AwsService {
  const { outputs, mappings, functions, region, account } = model;

  function describeStacks(form: URLSearchParams): AwsResponse {
    const name = form.get('StackName');
    if (name !== null && name !== stackName) {
      throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
    }
    const outputXml = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escapeXml(value)}</OutputValue></member>`,
    );
    const members =
      `<StackId>arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local</StackId>` +
      `<StackName>${stackName}</StackName><CreationTime>${new Date(createdAtMs).toISOString()}</CreationTime>` +
      `<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputXml.join('')}</Outputs>`;
    const result = `<DescribeStacksResult><Stacks><member>${members}</member></Stacks></DescribeStacksResult>`;
    const body = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${result}</DescribeStacksResponse>`;
    return { status: 200, headers: { 'content-type': 'text/xml' }, body };
  }

  function eventSourceMapping(id: string): AwsResponse {
    const [mapping, ...others] = mappings;
    if (mapping === undefined || others.length > 0 || id !== outputs.EventSourceMappingId) {
      throw notFound('The resource you requested does not exist.');
    }
    return json(describeMapping(id, mapping));
  }

  function functionConfiguration(name: string): AwsResponse {
    const found = functions.find((each) => each.name === name || each.arn === name);
    if (found === undefined) throw notFound(`Function not found: ${name}`);
    return json(describeFunction(found));
  }

  const PATHS: readonly (readonly [path: RegExp, answer: (id: string) => AwsResponse])[] = [
    [/^\/2015-03-31\/event-source-mappings\/([^/?]+)\/?$/, eventSourceMapping],
    [/^\/2015-03-31\/functions\/([^/?]+)\/configuration$/, functionConfiguration],
  ];

  function answerPath({ method = '', path }: AwsRequest): AwsResponse {
    for (const [pattern, answer] of PATHS) {
      const id = pattern.exec(path)?.[1];
      if (method === 'GET' && id !== undefined) return answer(decodeURIComponent(id));
    }
    throw notServed(`${method} ${path.split('?', 1)[0]}`, SERVED);
  }

  return {
    targetPrefix: '',
    operations: SERVED,
    async answer(request) {
      if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return answerPath(request);
      const form = new URLSearchParams(request.body.toString('utf8'));
      if (form.get('Action') === 'DescribeStacks') return describeStacks(form);
      throw notServed(form.get('Action') ?? '', SERVED);
    },
  };
}
