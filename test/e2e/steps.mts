/** A failed step that others depend on. */
class StepsEnded extends Error {}

/** Runs named steps, prints results, and counts. */
export class Steps {
	private passed = 0;
	private failed = 0;
	private abandoned = false;

	/** Runs a step; a failure is printed and counted, and returns undefined. */
	async step<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
		if (this.abandoned) return undefined;
		const started = Date.now();
		try {
			const result = await work();
			this.passed++;
			this.print(`ok    ${name} (${seconds(started)})`);
			return result;
		} catch (error) {
			this.failed++;
			this.print(`FAIL  ${name} (${seconds(started)})\n${indent(textOf(error))}`);
			return undefined;
		}
	}

	/** Like `step`, but its failure ends the story. */
	async mustStep<T>(name: string, work: () => Promise<T>): Promise<T> {
		let result: { value: T } | undefined;
		await this.step(name, async () => {
			result = { value: await work() };
		});
		if (!result) throw new StepsEnded(`The steps after "${name}" were not run.`);
		return result.value;
	}

	/** Prints the counts on the last line; returns the exit code. */
	finish(): number {
		console.log(`${this.passed} passed, ${this.failed} failed`);
		return this.failed === 0 && this.passed > 0 ? 0 : 1;
	}

	/** Prints why a story ended early, and counts it unless a failed step already did. */
	fail(error: unknown, story: string): void {
		if (error instanceof StepsEnded) return this.say(error.message, story);
		this.failed++;
		this.print(`FAIL  ${story}: between its steps\n${indent(textOf(error))}`);
	}

	/** Prints progress within a story. */
	say(text: string, story: string): void {
		this.print(indent(`${story}: ${text}`));
	}

	/** Stops running steps and printing: everything is shutting down. */
	abandon(): void {
		this.abandoned = true;
	}

	private print(text: string): void {
		if (!this.abandoned) console.log(text);
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function seconds(started: number): string {
	return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
	return text
		.split('\n')
		.map((line) => `      ${line}`)
		.join('\n');
}
