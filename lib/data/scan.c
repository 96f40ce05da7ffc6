/* SPDX-License-Identifier: MIT
 * The search of scan.h, in bytes, words, blocks and vectors. The one file that knows processors and
 * uses extensions of the compiler. */
#include <string.h>

#include "base/compiler.h"
#include "data/scan.h"

#ifdef SMTP__SCAN_X86
#include <immintrin.h>
#define TARGET_AVX2 __attribute__((target("avx2")))
#define TARGET_AVX512 __attribute__((target("avx2,avx512vl")))
#endif
#ifdef SMTP__SCAN_NEON
#include <arm_neon.h>
#endif

typedef size_t scan_function(const unsigned char *text, size_t length, unsigned stop,
                             uint32_t *found);

/* Looks at a block of octets, each together with the one behind it. Gives 0 when there is nothing
 * in it, EVENT when there may be something, and another number when there are octets above 127 but
 * nothing else. */
typedef uint64_t look_function(const unsigned char *block);
#define EVENT ((uint64_t)1 << 63)

static uint32_t octet_bits(unsigned octet)
{
    if (octet == 0) {
        return SMTP_FOUND_NUL;
    }
    return octet >= 0x80 ? SMTP_FOUND_8BIT : 0u;
}

/* An octet and the one behind it: 1 when they end the scan. */
SMTP__INLINE int look_at_pair(const unsigned char *text, unsigned stop, uint32_t *found)
{
    if (text[0] == SMTP__LF && text[1] == '.' && (stop & SMTP__STOP_DOT)) {
        return 1;
    }
    *found |= octet_bits(text[0]);
    if ((text[0] == SMTP__CR) == (text[1] == SMTP__LF)) {
        return 0;
    }
    *found |= text[0] == SMTP__CR ? SMTP_FOUND_BARE_CR : SMTP_FOUND_BARE_LF;
    return (stop & SMTP__STOP_BARE) != 0;
}

size_t smtp__scan_bytes(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    size_t last = length - 1;
    unsigned high = 0;
    size_t i = 0;

    for (; i < last; i++) {
        int quiet = text[i] > SMTP__CR && text[i + 1] != SMTP__LF;
        int line_end = text[i] == SMTP__CR && text[i + 1] == SMTP__LF;
        high |= text[i];
        if (!quiet && !line_end && look_at_pair(text + i, stop, found)) {
            break;
        }
    }
    *found |= octet_bits(text[i]) | (high >= 0x80 ? SMTP_FOUND_8BIT : 0u);
    return i;
}

/* Goes through the text, of more than `width` octets, in blocks, and with `closer` through those in
 * which there may be something. From the second block on they are aligned, and the last overlaps
 * the one before it: to look twice where nothing ended the scan changes nothing. */
SMTP__INLINE size_t scan_blockwise(const unsigned char *text, size_t length, unsigned stop,
                                   uint32_t *found, size_t width, look_function *look,
                                   scan_function *closer)
{
    size_t last = length - 1;
    size_t end = last - width;
    size_t i = 0;
    size_t next = width - (size_t)((uintptr_t)text % (width < 32 ? width : 32));
    uint64_t high = 0;

    for (;;) {
        uint64_t seen = look(text + i);
        if (seen != EVENT) {
            high |= seen;
        } else {
            size_t at = closer(text + i, width + 1, stop, found);
            if (at < width) {
                last = i + at;
                break;
            }
        }
        if (i == end) {
            break;
        }
        i = next < end ? next : end;
        next += width;
    }
    *found |= octet_bits(text[last]) | (high != 0 ? SMTP_FOUND_8BIT : 0u);
    return last;
}

#define EACH(octet) (UINT64_C(0x0101010101010101) * (octet))

SMTP__INLINE uint64_t load_word(const unsigned char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* Sets the high bit of each octet that is 0, and of some that are above 127. An octet of 0 borrows
 * from a neighbour, whose bit may then be set as well when it is 1. */
SMTP__INLINE uint64_t mark_zeros(uint64_t octets)
{
    return octets - EACH(1);
}

/* Eight octets, and the eight one further on: the result has some octet's high bit set when there
 * may be something. No mark that is wrong hides one that is right: a borrow starts only at a CR, an
 * LF before a dot or a NUL, and where it would make a CR of FF or an LF of VT, the pair with the
 * octet that it came from is marked. An octet above 127 leaves its mark in the first difference or,
 * if it is 0x80, in the second, and so does one that stands behind a CR. */
SMTP__INLINE uint64_t look_at_word(const unsigned char *text)
{
    uint64_t here = load_word(text);
    uint64_t next = load_word(text + 1);
    uint64_t cr = mark_zeros(here ^ EACH(SMTP__CR));
    uint64_t before_lf = mark_zeros(next ^ EACH(SMTP__LF));
    uint64_t lf_dot = mark_zeros((here ^ EACH(SMTP__LF)) | (next ^ EACH('.')));
    return mark_zeros(here) | lf_dot | (cr ^ before_lf);
}

/* 1 when none of eight octets is one of 0 to 13 or above 127. A borrow, which may mark 14, too,
 * starts only at one that is marked itself. */
SMTP__INLINE int is_quiet_word(const unsigned char *text)
{
    uint64_t word = load_word(text);
    return (((word - EACH(SMTP__CR + 1)) | word) & EACH(0x80)) == 0;
}

/* Where a word is quiet, so are the seven pairs in it. */
size_t smtp__scan_words(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    size_t i = 0;

    while (length - i > 8) {
        if (is_quiet_word(text + i)) {
            i += 7;
        } else {
            if ((look_at_word(text + i) & EACH(0x80)) != 0) {
                size_t at = smtp__scan_bytes(text + i, 9, stop, found);
                if (at < 8) {
                    return i + at;
                }
            }
            i += 8;
        }
    }
    return i + smtp__scan_bytes(text + i, length - i, stop, found);
}

SMTP__INLINE uint64_t look_at_octets(const unsigned char *block)
{
    unsigned char event = 0;
    unsigned char high = 0;

    for (size_t i = 0; i < 64; i++) {
        unsigned char here = block[i];
        unsigned char next = block[i + 1];
        event |= (unsigned char)(((here == SMTP__CR) ^ (next == SMTP__LF)) | (here == 0) |
                                 ((here == SMTP__LF) & (next == '.')));
        high |= here;
    }
    return event != 0 ? EVENT : high & 0x80u;
}

size_t smtp__scan_blocks(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    if (length <= 64) {
        return smtp__scan_words(text, length, stop, found);
    }
    return scan_blockwise(text, length, stop, found, 64, look_at_octets, smtp__scan_words);
}

#ifdef SMTP__SCAN_X86

/* Which octets of a vector may be something, and which are above 127, a bit each. */
typedef uint32_t mask_function(const unsigned char *text);

/* Goes through a block vector by vector, and octet by octet only where there may be something. */
SMTP__INLINE size_t scan_masks(const unsigned char *text, size_t length, unsigned stop,
                               uint32_t *found, size_t width, mask_function *events,
                               mask_function *highs)
{
    for (size_t i = 0; i + 1 < length; i += width) {
        uint32_t high = highs(text + i);
        for (uint32_t mask = events(text + i); mask != 0; mask &= mask - 1) {
            unsigned bit = (unsigned)__builtin_ctz(mask);
            if (look_at_pair(text + i + bit, stop, found)) {
                high &= mask ^ (mask - 1);
                *found |= high != 0 ? SMTP_FOUND_8BIT : 0u;
                return i + bit;
            }
        }
        *found |= high != 0 ? SMTP_FOUND_8BIT : 0u;
    }
    return length - 1;
}

SMTP__INLINE __m128i load_sse2(const unsigned char *text)
{
    return _mm_loadu_si128((const __m128i *)(const void *)text);
}

SMTP__INLINE uint32_t highs_sse2(const unsigned char *text)
{
    return (uint32_t)_mm_movemask_epi8(load_sse2(text));
}

SMTP__INLINE uint32_t events_sse2(const unsigned char *text)
{
    const __m128i lf = _mm_set1_epi8(SMTP__LF);
    __m128i here = load_sse2(text);
    __m128i next = load_sse2(text + 1);
    __m128i is_cr = _mm_cmpeq_epi8(here, _mm_set1_epi8(SMTP__CR));
    __m128i bare = _mm_xor_si128(is_cr, _mm_cmpeq_epi8(next, lf));
    __m128i dot = _mm_and_si128(_mm_cmpeq_epi8(here, lf), _mm_cmpeq_epi8(next, _mm_set1_epi8('.')));
    __m128i nul = _mm_cmpeq_epi8(here, _mm_setzero_si128());
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(bare, dot), nul));
}

SMTP__INLINE uint64_t look_at_sse2(const unsigned char *block)
{
    return events_sse2(block) != 0 ? EVENT : highs_sse2(block);
}

static size_t closer_sse2(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    return scan_masks(text, length, stop, found, 16, events_sse2, highs_sse2);
}

size_t smtp__scan_sse2(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    if (length <= 16) {
        return smtp__scan_bytes(text, length, stop, found);
    }
    return scan_blockwise(text, length, stop, found, 16, look_at_sse2, closer_sse2);
}

TARGET_AVX2 SMTP__INLINE __m256i load_avx2(const unsigned char *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

/* The same, of octets that are used twice: compilers make two loads of one load_avx2(). */
TARGET_AVX2 SMTP__INLINE __m256i load_once_avx2(const unsigned char *text)
{
    return _mm256_lddqu_si256((const __m256i *)(const void *)text);
}

/* Where the next octet is a dot behind an LF. The shuffle gives a dot for an LF, and for the few
 * octets that share its low half: with a dot behind them these make an event that is none. It saves
 * a comparison. */
TARGET_AVX2 SMTP__INLINE __m256i dots_avx2(__m256i here, __m256i next)
{
    const __m256i unwanted = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '.', 0, 0, 0, 0, 0, 0,
                                              0, 0, 0, 0, 0, 0, 0, 0, 0, '.', 0, 0, 0, 0, 0);
    return _mm256_cmpeq_epi8(next, _mm256_shuffle_epi8(unwanted, here));
}

TARGET_AVX2 SMTP__INLINE __m256i line_events_avx2(__m256i here, const unsigned char *behind)
{
    __m256i next = load_once_avx2(behind);
    __m256i is_cr = _mm256_cmpeq_epi8(here, _mm256_set1_epi8(SMTP__CR));
    __m256i before_lf = _mm256_cmpeq_epi8(next, _mm256_set1_epi8(SMTP__LF));
    return _mm256_or_si256(_mm256_xor_si256(is_cr, before_lf), dots_avx2(here, next));
}

TARGET_AVX2 SMTP__INLINE uint32_t zeros_avx2(__m256i octets)
{
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(octets, _mm256_setzero_si256()));
}

TARGET_AVX2 SMTP__INLINE uint32_t events_avx2(const unsigned char *text)
{
    __m256i here = load_avx2(text);
    __m256i line = line_events_avx2(here, text + 1);
    return (uint32_t)_mm256_movemask_epi8(line) | zeros_avx2(here);
}

TARGET_AVX2 SMTP__INLINE uint32_t highs_avx2(const unsigned char *text)
{
    return (uint32_t)_mm256_movemask_epi8(load_avx2(text));
}

/* What the signed least of 128 octets says of them: it is below 0 when one is above 127, and only
 * then can hide a NUL. `event` says that there is something in any case. */
TARGET_AVX2 SMTP__INLINE uint64_t judge_avx2(int event, uint32_t high, __m256i a, __m256i b,
                                             __m256i c, __m256i d)
{
    if (event) {
        return EVENT;
    }
    if (high == 0) {
        return 0;
    }
    return zeros_avx2(_mm256_min_epu8(_mm256_min_epu8(a, b), _mm256_min_epu8(c, d))) ? EVENT : high;
}

TARGET_AVX2 SMTP__INLINE uint64_t look_at_avx2(const unsigned char *block)
{
    __m256i a = load_avx2(block);
    __m256i b = load_avx2(block + 32);
    __m256i c = load_avx2(block + 64);
    __m256i d = load_avx2(block + 96);
    __m256i line = _mm256_or_si256(
        _mm256_or_si256(line_events_avx2(a, block + 1), line_events_avx2(b, block + 33)),
        _mm256_or_si256(line_events_avx2(c, block + 65), line_events_avx2(d, block + 97)));
    __m256i least = _mm256_min_epi8(_mm256_min_epi8(a, b), _mm256_min_epi8(c, d));
    __m256i nul = _mm256_cmpeq_epi8(least, _mm256_setzero_si256());
    int event = _mm256_movemask_epi8(_mm256_or_si256(line, nul));

    return judge_avx2(event, (uint32_t)_mm256_movemask_epi8(least), a, b, c, d);
}

TARGET_AVX2 static size_t closer_avx2(const unsigned char *text, size_t length, unsigned stop,
                                      uint32_t *found)
{
    return scan_masks(text, length, stop, found, 32, events_avx2, highs_avx2);
}

TARGET_AVX2 size_t smtp__scan_avx2(const unsigned char *text, size_t length, unsigned stop,
                                   uint32_t *found)
{
    if (length <= 128) {
        return smtp__scan_sse2(text, length, stop, found);
    }
    return scan_blockwise(text, length, stop, found, 128, look_at_avx2, closer_avx2);
}

int smtp__scan_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

/* AVX-512 is for vectors of the same width here, which slow no processor down: what it adds is any
 * function of three operands in one step. */
enum { ANY_OF_THREE = 0xFE, FIRST_OR_DIFFERENT = 0xF6 };

TARGET_AVX512 SMTP__INLINE __m256i line_events_avx512(__m256i here, const unsigned char *behind)
{
    __m256i next = load_once_avx2(behind);
    __m256i is_cr = _mm256_cmpeq_epi8(here, _mm256_set1_epi8(SMTP__CR));
    __m256i before_lf = _mm256_cmpeq_epi8(next, _mm256_set1_epi8(SMTP__LF));
    return _mm256_ternarylogic_epi32(dots_avx2(here, next), is_cr, before_lf, FIRST_OR_DIFFERENT);
}

TARGET_AVX512 SMTP__INLINE uint64_t look_at_avx512(const unsigned char *block)
{
    __m256i a = load_avx2(block);
    __m256i b = load_avx2(block + 32);
    __m256i c = load_avx2(block + 64);
    __m256i d = load_avx2(block + 96);
    __m256i line = _mm256_ternarylogic_epi32(line_events_avx512(a, block + 1),
                                             line_events_avx512(b, block + 33),
                                             line_events_avx512(c, block + 65), ANY_OF_THREE);
    __m256i least = _mm256_min_epi8(_mm256_min_epi8(a, b), _mm256_min_epi8(c, d));
    __m256i nul = _mm256_cmpeq_epi8(least, _mm256_setzero_si256());
    int event = _mm256_movemask_epi8(
        _mm256_ternarylogic_epi32(line, line_events_avx512(d, block + 97), nul, ANY_OF_THREE));

    return judge_avx2(event, (uint32_t)_mm256_movemask_epi8(least), a, b, c, d);
}

TARGET_AVX512 size_t smtp__scan_avx512(const unsigned char *text, size_t length, unsigned stop,
                                       uint32_t *found)
{
    if (length <= 128) {
        return smtp__scan_sse2(text, length, stop, found);
    }
    return scan_blockwise(text, length, stop, found, 128, look_at_avx512, closer_avx2);
}

int smtp__scan_has_avx512(void)
{
    return __builtin_cpu_supports("avx512vl") != 0; /* and so AVX2 */
}

size_t smtp__scan(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    if (length <= 16) {
        return smtp__scan_bytes(text, length, stop, found);
    }
    if (length > 128 && smtp__scan_has_avx2()) {
        return smtp__scan_has_avx512() ? smtp__scan_avx512(text, length, stop, found)
                                       : smtp__scan_avx2(text, length, stop, found);
    }
    return smtp__scan_sse2(text, length, stop, found);
}

#elif defined(SMTP__SCAN_NEON)

SMTP__INLINE uint8x16_t events_neon(uint8x16_t here, const unsigned char *behind)
{
    const uint8x16_t lf = vdupq_n_u8(SMTP__LF);
    uint8x16_t next = vld1q_u8(behind);
    uint8x16_t bare = veorq_u8(vceqq_u8(here, vdupq_n_u8(SMTP__CR)), vceqq_u8(next, lf));
    uint8x16_t dot = vandq_u8(vceqq_u8(here, lf), vceqq_u8(next, vdupq_n_u8('.')));
    uint8x16_t nul = vceqq_u8(here, vdupq_n_u8(0));
    return vorrq_u8(vorrq_u8(bare, dot), nul);
}

SMTP__INLINE uint64_t any_neon(uint8x16_t octets)
{
    uint64x2_t halves = vreinterpretq_u64_u8(octets);
    return vgetq_lane_u64(halves, 0) | vgetq_lane_u64(halves, 1);
}

SMTP__INLINE uint64_t look_at_neon(const unsigned char *block)
{
    uint8x16_t low = vld1q_u8(block);
    uint8x16_t high = vld1q_u8(block + 16);
    uint8x16_t event = vorrq_u8(events_neon(low, block + 1), events_neon(high, block + 17));
    return any_neon(event) != 0 ? EVENT : (any_neon(vorrq_u8(low, high)) & EACH(0x80)) >> 7;
}

size_t smtp__scan_neon(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    if (length <= 32) {
        return smtp__scan_words(text, length, stop, found);
    }
    return scan_blockwise(text, length, stop, found, 32, look_at_neon, smtp__scan_words);
}

size_t smtp__scan(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    return smtp__scan_neon(text, length, stop, found);
}

#elif !defined(SMTP_PLAIN_C) && (defined(__ALTIVEC__) || defined(__riscv_vector) ||                \
                                 defined(__wasm_simd128__) || defined(__loongarch_sx))

/* The compiler has vector instructions to make of the blocks. */
size_t smtp__scan(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    return smtp__scan_blocks(text, length, stop, found);
}

#else

size_t smtp__scan(const unsigned char *text, size_t length, unsigned stop, uint32_t *found)
{
    return smtp__scan_words(text, length, stop, found);
}

#endif
