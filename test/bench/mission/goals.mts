import { shareOfLimit } from '../../../harness/channel-use.mts';
import type { Goal } from '../goal.mts';
import { median } from '../median.mts';
import { missionName, type MissionMeasurements, type MissionResult } from './bench.mts';
import { OURS, REFERENCE } from './contenders.mts';
import type { MissionTurn } from './turn.mts';

/** WhatsApp's usual limit: where the goals are shares of it. Above, two processors are the limit. */
const USUAL_LIMIT = 80;
const SHARE = 0.8;
const ROW_SECONDS = 10;
const CPU = 0.5;
const FASTER = 2;

const number = new Intl.NumberFormat('en-US');

/** Figures of a turn that are compared. */
export interface MissionFigures {
	/** Share of the limit used from the event's POST to the last acceptance, from 0 to 1: (customers - limit) / limit is the shortest time. */
	share: number;
	/** Seconds from the channel's last status POST to the last change of the log. */
	rowSeconds: number;
	/** CPU seconds of n8n per customer. */
	cpu: number;
	/** Customers whose row is complete and right, divided by the seconds from the event's POST to the last change of the log. */
	carried: number;
	/** Customers whose row is missing, wrong or there twice. */
	bad: number;
}

/** The figures of a turn; a share of 0 where the limit was never reached. */
export function figuresOf(turn: MissionTurn): MissionFigures {
	const { customers, limit, accepted, lastAcceptedAfter, lastStatusAfter, lastRowAfter, cpuSeconds, missing, wrong, twice } = turn;
	const bad = missing + wrong + twice;
	return {
		share: shareOfLimit(accepted, limit, lastAcceptedAfter) ?? 0,
		rowSeconds: Math.max(0, lastRowAfter - lastStatusAfter),
		cpu: cpuSeconds / customers,
		carried: (customers - bad) / lastRowAfter,
		bad,
	};
}

/** The median of a figure over a contender's turns; `bad` is the sum. */
export function middleOf({ turns }: MissionResult): MissionFigures {
	const all = turns.map(figuresOf);
	const of = (figure: keyof MissionFigures) => median(all.map((one) => one[figure]));
	return { share: of('share'), rowSeconds: of('rowSeconds'), cpu: of('cpu'), carried: of('carried'), bad: all.reduce((sum, { bad }) => sum + bad, 0) };
}

/** Checks the measurements against the goals of the whole mission. */
export function missionGoals(measurements: MissionMeasurements): Goal[] {
	return measurements.filter(({ contender, size }) => contender === OURS && !size.variant).flatMap((ours) => {
		const reference = measurements.find(({ contender, size }) => contender === REFERENCE && size === ours.size);
		return goalsOf(ours, reference);
	});
}

function goalsOf(ours: MissionResult, reference: MissionResult | undefined): Goal[] {
	const { share, rowSeconds, cpu, carried, bad } = middleOf(ours);
	const peer = reference && middleOf(reference);
	const name = missionName(ours.size);
	const rows: Goal = { what: `${name}: no row missing, wrong or there twice`, found: `${bad} of ${number.format(ours.size.customers * ours.turns.length)}${ours.turns.length > 1 ? `, ${ours.turns.length} turns` : ''}`, reached: bad === 0 };
	const sameCpu: Goal[] = peer ? [{ what: `${name}: at most ${CPU} times the reference's CPU per customer`, found: `${(cpu / peer.cpu).toFixed(2)} times`, reached: cpu <= CPU * peer.cpu && bad === 0 }] : [];
	if (ours.size.limit <= USUAL_LIMIT) {
		return [
			{ what: `${name}: sent at ${SHARE * 100} % of the limit or more`, found: `${(share * 100).toFixed(1)} %`, reached: share >= SHARE },
			{ what: `${name}: the last row within ${ROW_SECONDS} s after the last status`, found: `${rowSeconds.toFixed(1)} s`, reached: rowSeconds <= ROW_SECONDS && bad === 0 },
			...sameCpu,
			rows,
		];
	}
	const faster: Goal[] = peer
		? [{ what: `${name}: at least ${FASTER} times the reference's messages from event to complete log per second`, found: `${(carried / peer.carried).toFixed(2)} times`, reached: carried >= FASTER * peer.carried }]
		: [];
	return [...faster, rows];
}
