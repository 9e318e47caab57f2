import { describe, expect, it } from 'vitest';
import { manifestLink } from '../../cli/slack/command.ts';
import { run } from './capture-io.ts';

describe('notifier slack', () => {
  it('links to an app that may post by webhooks and nothing else', () => {
    const link = new URL(manifestLink());
    expect([link.origin, link.pathname, link.searchParams.get('new_app')]).toEqual([
      'https://api.slack.com',
      '/apps',
      '1',
    ]);
    const manifest = JSON.parse(link.searchParams.get('manifest_json') ?? '');
    expect(manifest.oauth_config.scopes).toEqual({ bot: ['incoming-webhook'] });
    expect(manifest.settings.incoming_webhooks).toEqual({ incoming_webhooks_enabled: true });
    // Slack's own limits: 35 characters of a name, 140 of the description.
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  });

  it('says the clicks, and the command that fills the secret, for each channel that a rule names', async () => {
    const rules = { changes: { channel: 'ops' }, off: { channel: 'quiet', enabled: false } };
    const { code, out } = await run([
      ...['slack', '--region', 'eu-west-1', '-c', 'notifier:channels={"ops":{},"quiet":{}}'],
      ...['-c', `notifier:rules=${JSON.stringify(rules)}`],
    ]);
    expect(code).toBe(0);
    expect(out).toContain(`   ${manifestLink()}`);
    expect(out).toContain('   For each of ops: Incoming Webhooks, Add New Webhook, and its channel.');
    expect(out).toContain(
      '   { "default": "https://hooks.slack.com/services/…", "ops": "https://hooks.slack.com/services/…" }',
    );
    expect(out.filter((line) => /put-secret-value/.test(line))).toEqual([
      expect.stringMatching(
        /--region eu-west-1 .*--stack-name MediaConnectNotifier-eu-west-1 .*file:\/\/webhooks\.json$/,
      ),
    ]);
    expect(out.at(-1)).toBe('   npx notifier doctor --post --region eu-west-1');
  });

  it('names the secret that is there already', async () => {
    const { out } = await run(['slack', '--json', '--region', 'eu-west-1', '-c', 'notifier:slackSecretName=ops/slack']);
    expect(JSON.parse(out.join('')).commands[0]).toBe(
      'aws secretsmanager put-secret-value --region eu-west-1 --secret-id ops/slack --secret-string file://webhooks.json',
    );
  });

  it('asks for a webhook of the channel of outcomes and of that of health, unless they are off', async () => {
    const channelsWith = async (outcomes: string, health: string): Promise<unknown> => {
      const settings = [
        'notifier:channels={"tech":{},"mcr":{}}',
        `notifier:outcomes={"say":"${outcomes}","channel":"tech"}`,
        `notifier:health={"say":"${health}","channel":"mcr"}`,
      ];
      const { out } = await run(['slack', '--json', ...settings.flatMap((setting) => ['-c', setting])]);
      return JSON.parse(out.join('')).channels;
    };
    expect(await channelsWith('trouble', 'trouble')).toEqual(['default', 'mcr', 'tech']);
    expect(await channelsWith('off', 'off')).toEqual(['default']);
  });

  it('fills the secret of one of several notifiers', async () => {
    const { out } = await run(['slack', '--json', '--region', 'eu-west-1', '--stack', 'Live', '--notifier', 'Sports']);
    const [put, doctor] = JSON.parse(out.join('')).commands;
    expect(put).toContain(
      `--stack-name Live --query "Stacks[0].Outputs[?OutputKey=='SportsSlackSecretArn'].OutputValue"`,
    );
    expect(doctor).toBe('npx notifier doctor --post --region eu-west-1 --stack Live --notifier Sports');
  });
});
