/* SPDX-License-Identifier: MIT
 * The few things asked of a compiler beyond C99, and nothing where it does not know them. */
#ifndef SMTP_BASE_COMPILER_H
#define SMTP_BASE_COMPILER_H

/* INLINE: always made part of its callers, which give it constants. RARE: never, and kept out of
 * their way: what a well-formed session does not need, or seldom. KEEP: what was written to the
 * memory may be read by somebody; where it is not defined, write through a volatile pointer. */
#ifdef __GNUC__
#define SMTP__INLINE static inline __attribute__((always_inline))
#define SMTP__RARE __attribute__((cold, noinline))
#define SMTP__KEEP(memory) __asm__ __volatile__("" : : "r"(memory) : "memory")
#else
#define SMTP__INLINE static inline
#define SMTP__RARE
#endif

#endif
