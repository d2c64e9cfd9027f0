/** A goal, and whether it was met. */
export interface Goal {
	what: string;
	/** The measurement as text. */
	found: string;
	reached: boolean;
}
