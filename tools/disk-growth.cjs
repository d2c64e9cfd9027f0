'use strict';
const fs = require('node:fs');

/**
 * Measures the disk usage of a folder since now, cheaply: walking a gigabyte of small files takes many seconds.
 * Includes writes by other programs; deletions by others never lower it; 0 if the disk reports no free space.
 * @param {string} folder
 * @param {(folder: string) => number} freeBytes
 * @returns {() => number}
 */
function diskGrowth(folder, freeBytes = freeBytesOf) {
	const before = freeBytes(folder);
	let most = 0;
	return () => (most = Math.max(most, before - freeBytes(folder) || 0));
}

function freeBytesOf(folder) {
	try {
		const { bfree, bsize } = fs.statfsSync(folder);
		return bfree * bsize;
	} catch {
		return NaN;
	}
}

module.exports = { diskGrowth };
