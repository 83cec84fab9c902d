/*
 * The signals of one ring (docs/vpcbus.md, Rings): a producer on one side, a consumer on the other, and the loop of each, which sleeps when it has
 * nothing to do. Checked for lost wake-ups: a state in which no process can continue although bytes are still to come is an error (invalid end state).
 *
 * The memory is that of a processor which delays stores (x86, TSO): each side's plain stores go through a queue that is written back at any later
 * time. A full barrier, or an atomic exchange or OR, waits until the own queue is empty. Left out are the positions of the bytes (base, wrapping), the
 * ends, and that a side has several rings; all of them only cause the same check of the ring.
 *
 * ./build.sh model runs it, and once more for each mistake below, which it must find.
 */

#define BYTES 5         /* to be transferred in total */
#define LIMIT 2         /* of the ring; a producer without room is signalled when a part is free, here both or all that the consumer knows */
#define THRESHOLD 2
#define SUSPENSIONS 1   /* how often each loop ignores signals for a while, as it does when a guest signals without need */

#define PRODUCER 0      /* the sides */
#define CONSUMER 1

/* Plain memory, through the queues. */
#define TAIL 0
#define HEAD 1
#define BYTES_WANTED 2
#define ROOM_WANTED 3
#define SLEEPING 4      /* + side */
byte memory[6];
chan held[2] = [3] of { byte, byte };

/* Only ever changed by atomic instructions. */
bit word[2];
bit summary[2];

bit doorbell[2];        /* bytes on the socket: one has the same effect as many */
bit done;

#define STORE(side, where, what) held[side] ! where, what
#define BARRIER(side) empty(held[side])

/* The queue of a side, written back at any time. */
proctype Memory(byte side)
{
	byte where, what;
	do
	:: atomic { held[side] ? where, what -> memory[where] = what }
	:: done && empty(held[side]) -> break
	od
}

/* Makes the other side's loop check the ring. */
inline signal(side, other)
{
	BARRIER(side);
#ifdef SUMMARY_FIRST
	summary[other] = 1;
	word[other] = 1;
#else
	word[other] = 1;
	summary[other] = 1;
#endif
	if
	:: memory[SLEEPING + other] == 1 ->
		atomic { BARRIER(side) -> was = memory[SLEEPING + other]; memory[SLEEPING + other] = 0 }
		if
		:: was == 1 -> doorbell[other] = 1
		:: else
		fi
	:: else
	fi
}

/* One turn of the producer; it always has bytes. */
inline produce()
{
	do
	:: tail == BYTES -> break
	:: else ->
		head = memory[HEAD];
		assert(head <= tail && tail - head <= LIMIT);
		if
		:: tail - head == LIMIT ->
			STORE(PRODUCER, ROOM_WANTED, 1);
#ifndef NO_BARRIER_BEFORE_SECOND_CHECK
			BARRIER(PRODUCER);
#endif
			head = memory[HEAD];
			if
			:: tail - head == LIMIT -> break
			:: else -> STORE(PRODUCER, ROOM_WANTED, 0)
			fi
		:: else
		fi
		tail++;
		STORE(PRODUCER, TAIL, tail);
#ifndef NO_BARRIER_AFTER_TAIL
		BARRIER(PRODUCER);
#endif
		if
		:: memory[BYTES_WANTED] == 1 ->
			atomic { BARRIER(PRODUCER) -> was = memory[BYTES_WANTED]; memory[BYTES_WANTED] = 0 }
			if
			:: was == 1 -> signal(PRODUCER, CONSUMER)
			:: else
			fi
		:: else
		fi
		if
		:: true
		:: queued = 1; break	/* the turn ends although there is more work */
		fi
	od
}

/* One turn of the consumer. */
inline consume()
{
	do
	:: head == BYTES -> done = 1; break
	:: else ->
		tail = memory[TAIL];
		assert(head <= tail && tail - head <= LIMIT);
		if
		:: tail == head ->
			STORE(CONSUMER, BYTES_WANTED, 1);
#ifndef NO_BARRIER_BEFORE_SECOND_CHECK
			BARRIER(CONSUMER);
#endif
#ifdef NO_SECOND_CHECK
			break;
#endif
			tail = memory[TAIL];
			if
			:: tail == head -> break
			:: else -> STORE(CONSUMER, BYTES_WANTED, 0)
			fi
		:: else
		fi
		head++;
		STORE(CONSUMER, HEAD, head);
#ifndef NO_BARRIER_AFTER_HEAD
		BARRIER(CONSUMER);
#endif
		if
		:: memory[ROOM_WANTED] == 1 && (LIMIT - (tail - head) >= THRESHOLD || tail == head) ->
			atomic { BARRIER(CONSUMER) -> was = memory[ROOM_WANTED]; memory[ROOM_WANTED] = 0 }
			if
			:: was == 1 -> signal(CONSUMER, PRODUCER)
			:: else
			fi
		:: else
		fi
		if
		:: true
		:: queued = 1; break
		fi
	od
}

/* The loop of a side: turns, signals, sleep. */
proctype Loop(byte side)
{
	byte tail, head, suspensions;
	bit queued = 1, was, suspended;
	do
	:: done -> break
	:: else ->
		if
		:: queued ->
			queued = 0;
			if
			:: side == PRODUCER -> produce()
			:: else -> consume()
			fi
		:: else
		fi

		/* Reads the signals. */
		if
		:: !suspended && summary[side] == 1 ->
			atomic { BARRIER(side) -> summary[side] = 0 }
			if
			:: word[side] == 1 -> word[side] = 0; queued = 1
			:: else
			fi
		:: else
		fi
		if
		:: suspensions < SUSPENSIONS -> suspensions++; suspended = 1
		:: true
		fi

		/* Sleeps. */
		if
		:: queued
		:: !queued && suspended ->
			/* The timer ends the sleep, if nothing else does. */
			doorbell[side] = 0;
			suspended = 0
		:: !queued && !suspended ->
			atomic { BARRIER(side) -> memory[SLEEPING + side] = 1 }
			if
#ifndef NO_CHECK_BEFORE_SLEEP
			:: summary[side] == 1
#endif
			:: else ->
				if
				:: doorbell[side] == 1 -> doorbell[side] = 0
				:: done
				fi
			fi
			STORE(side, SLEEPING + side, 0)
		fi
	od
}

init
{
	atomic {
		run Memory(PRODUCER);
		run Memory(CONSUMER);
		run Loop(PRODUCER);
		run Loop(CONSUMER)
	}
}
