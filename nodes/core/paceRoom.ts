/** Requests in flight before the first answers, so that a refused account costs no more. */
export const FIRST_IN_FLIGHT = 50;
/** Requests in flight at most. */
export const MOST_IN_FLIGHT = 170;
/** How much the room grows with an acceptance. */
const GROWTH = 0.7;
/** At so many messages per second the growing pauses until so many were accepted: a channel of a few hundred per second has refused something by then. */
const PAUSES_AT = 1000;
const PAUSES_UNTIL = 400;
/** Turns given at a breath: who has many may make requests for longer than it takes to send one, and nothing leaves meanwhile. */
const FIRST_AT_A_BREATH = 4;
/** The same once the channel has taken so many: a breath then costs more than it helps. */
const AT_A_BREATH = 12;
/** An answer that takes so many times the usual has waited in a queue, here or there. */
const CROWDED = 1.4;
/** How fast the usual time follows answers that take longer. */
const LATENCY_CREEP = 0.001;
/** Milliseconds from an answer to the next turn while no rate is known and the room grows: answers come in volleys, and a refusal may be among them. */
const REST_OF_VOLLEY = 4;

/**
 * How many requests may be in flight at once. Starts small, grows with every acceptance, and no further
 * once more requests only make each of them wait longer. Times in milliseconds.
 */
export class Room {
	private size = FIRST_IN_FLIGHT;
	/** The time from turn to answer on an empty road. */
	private latency = Infinity;
	private volleyUntil = -Infinity;
	/** Acceptances that did not come late. */
	private uncrowded = 0;

	get places(): number {
		return Math.floor(this.size);
	}

	/** Turns that may be given before what was asked for leaves and what has come in is read. */
	get atABreath(): number {
		return this.uncrowded > PAUSES_UNTIL ? AT_A_BREATH : FIRST_AT_A_BREATH;
	}

	/** Before then no turn is given while no rate is known. */
	get restsUntil(): number {
		return this.volleyUntil;
	}

	/** An answer came: others of its volley may follow. */
	answered(now: number): void {
		if (this.volleyUntil < now && this.size < MOST_IN_FLIGHT) this.volleyUntil = now + REST_OF_VOLLEY;
	}

	/** A message was accepted so long after its turn. */
	accepted(latency: number): void {
		this.latency = latency < this.latency ? latency : this.latency + (latency - this.latency) * LATENCY_CREEP;
		if (latency > this.latency * CROWDED) return;
		this.uncrowded++;
		const grows = this.uncrowded > PAUSES_UNTIL || this.size * 1000 < PAUSES_AT * this.latency;
		if (grows) this.size = Math.min(MOST_IN_FLIGHT, this.size + GROWTH);
	}

	startAfresh(): void {
		this.size = FIRST_IN_FLIGHT;
		this.uncrowded = 0;
	}
}
