import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A model's turn: a tool call or an answer. */
export type Turn = { call: Record<string, string> } | { say: string };

/** The model's input in one request: available tools, and results of its calls so far. */
export interface Told {
	/** The requested path, without the query. */
	path: string;
	tools: Array<{ name: string; description: string; parameters: { properties: Record<string, { type: string; description?: string }>; required?: string[] } }>;
	/** Tool results, oldest first. */
	results: string[];
}

/** A model with OpenAI's API: `/v1/chat/completions` and `/v1/responses`. */
export interface ChatModel {
	/** URL for n8n's credential, with `/v1`. */
	url: string;
	/** One entry per request of the play. */
	told: Told[];
	/** Raw request bodies of all plays. */
	requests: string[];
	/** Loads a play, one turn per request, and resets `told`. Extra requests get a 400. */
	play: (...turns: Turn[]) => void;
	stop: () => void;
}

/** Starts the model on loopback. It always calls the first tool. */
export async function startChatModel(): Promise<ChatModel> {
	const told: Told[] = [];
	const requests: string[] = [];
	let turns: Turn[] = [];
	const server = createServer((incoming, outgoing) => {
		const answer = async () => {
			const path = (incoming.url ?? '').split('?')[0] ?? '';
			const body = await text(incoming);
			requests.push(body);
			const request = JSON.parse(body || '{}') as Record<string, unknown>;
			const reads = path.endsWith('/responses') ? responses : completions;
			const heard = { path, ...reads.told(request) };
			told.push(heard);
			const turn = turns.shift();
			const said = turn && reads.answer(turn, heard.tools[0]?.name ?? '', `turn-${told.length}`);
			outgoing.writeHead(said ? 200 : 400, { 'content-type': 'application/json' });
			outgoing.end(JSON.stringify(said ?? { error: { message: 'The play is over.' } }));
		};
		answer().catch(() => outgoing.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		told,
		requests,
		play: (...next) => {
			turns = next;
			told.length = 0;
		},
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

interface Reading {
	told: (request: Record<string, unknown>) => Omit<Told, 'path'>;
	answer: (turn: Turn, tool: string, id: string) => object;
}

const completions: Reading = {
	told: ({ tools = [], messages = [] }) => ({
		tools: (tools as Array<{ function: Told['tools'][number] }>).map((tool) => tool.function),
		results: (messages as Array<{ role: string; content: unknown }>).filter(({ role }) => role === 'tool').map(({ content }) => plain(content)),
	}),
	answer: (turn, name, id) => ({
		id,
		object: 'chat.completion',
		created: 1_790_000_000,
		model: 'stand-in',
		choices: [
			{
				index: 0,
				finish_reason: 'call' in turn ? 'tool_calls' : 'stop',
				message:
					'call' in turn
						? { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(turn.call) } }] }
						: { role: 'assistant', content: turn.say },
			},
		],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	}),
};

const responses: Reading = {
	told: ({ tools = [], input = [] }) => ({
		tools: tools as Told['tools'],
		results: (input as Array<{ type?: string; output?: unknown }>).filter(({ type }) => type === 'function_call_output').map(({ output }) => plain(output)),
	}),
	answer: (turn, name, id) => ({
		id,
		object: 'response',
		created_at: 1_790_000_000,
		status: 'completed',
		model: 'stand-in',
		output: [
			'call' in turn
				? { type: 'function_call', id: `fc-${id}`, call_id: id, name, arguments: JSON.stringify(turn.call), status: 'completed' }
				: { type: 'message', id: `msg-${id}`, role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: turn.say, annotations: [] }] },
		],
		usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
	}),
};

function plain(content: unknown): string {
	return typeof content === 'string' ? content : JSON.stringify(content);
}
