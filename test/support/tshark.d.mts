/** Types of tshark.mjs. */
/** Whether tshark is installed. */
export function hasTshark(): boolean;
/** Whether tshark is there, after an attempt to install it. */
export function installTshark(): boolean;
