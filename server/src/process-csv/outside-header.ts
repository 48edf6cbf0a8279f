/** Marks a call that a gateway hands on for somebody else. Only the processor that belongs to the gateway looks at it. */
export const OUTSIDE_HEADER = 'tallystream-outside';
