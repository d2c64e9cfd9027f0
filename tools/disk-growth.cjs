'use strict';
const fs = require('node:fs');

/**
 * Tells how many bytes the disk of a folder has taken since now, at no cost: a look into a gigabyte of small files takes many seconds.
 * What others write counts too, and what others delete never makes it smaller; 0 where the disk doesn't tell.
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
