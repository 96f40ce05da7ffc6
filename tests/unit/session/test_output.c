/* SPDX-License-Identifier: MIT
 * The output queue. */
#include "session/output.h"
#include "support/memory.h"

enum { CAPACITY = 32, SEGMENTS = 4 };

struct queue {
    char buffer[CAPACITY];
    smtp_str segments[SEGMENTS];
    smtp__output output;
};

static void start(struct queue *queue)
{
    memset(queue, 0, sizeof *queue);
    queue->output.buffer = queue->buffer;
    queue->output.segments = queue->segments;
    queue->output.capacity = CAPACITY;
    queue->output.segment_max = SEGMENTS;
}

/* All that is queued, as one text. */
static void assert_queued(const struct queue *queue, const char *expected)
{
    struct text all = {NULL, 0, 0};
    size_t i;

    for (i = 0; i < queue->output.segment_count; i++)
        text_add(&all, queue->segments[i].ptr, queue->segments[i].len);
    assert_string_equal(text_of(&all), expected);
    assert_int_equal(smtp__output_empty(&queue->output), *expected == '\0');
    text_free(&all);
}

static void test_what_is_put_is_one_slice(void **state)
{
    struct queue queue;

    (void)state;
    start(&queue);
    assert_true(smtp__output_empty(&queue.output));
    assert_int_equal(smtp__output_room(&queue.output), CAPACITY);
    smtp__output_put(&queue.output, smtp_text("one "));
    smtp__output_put(&queue.output, smtp_text(""));
    smtp__output_put(&queue.output, smtp_text("two"));
    assert_queued(&queue, "one two");
    assert_int_equal(queue.output.segment_count, 1);
    assert_int_equal(smtp__output_room(&queue.output), CAPACITY - 7);
}

static void test_borrowed_slices_stay_where_they_are(void **state)
{
    static const char body[] = "body";
    smtp_str slice = {body, 4};
    smtp_str empty = {body, 0};
    struct queue queue;

    (void)state;
    start(&queue);
    smtp__output_put(&queue.output, smtp_text("<"));
    smtp__output_borrow(&queue.output, slice);
    smtp__output_borrow(&queue.output, empty);
    smtp__output_put(&queue.output, smtp_text(">"));
    assert_queued(&queue, "<body>");
    assert_int_equal(queue.output.segment_count, 3);
    assert_ptr_equal(queue.segments[1].ptr, body);
    assert_int_equal(smtp__output_segments_left(&queue.output), SEGMENTS - 3);
    assert_int_equal(smtp__output_room(&queue.output), CAPACITY - 2);
}

/* A caller's memory that ends where the buffer begins is not the buffer: a slice of it stays one.
 */
static void test_slice_that_ends_where_the_buffer_begins(void **state)
{
    char memory[4 + CAPACITY] = "body";
    smtp_str slice = {memory, 4};
    struct queue queue;

    (void)state;
    start(&queue);
    queue.output.buffer = memory + 4;
    smtp__output_borrow(&queue.output, slice);
    smtp__output_put(&queue.output, smtp_text("><"));
    assert_queued(&queue, "body><");
    assert_int_equal(queue.output.segment_count, 2);
    assert_int_equal(smtp__output_take(&queue.output, 5), 5);
    smtp__output_put(&queue.output, smtp_text("!"));
    assert_queued(&queue, "<!");
    assert_memory_equal(memory, "body<!", 6);
}

static void test_taking_gives_how_much_there_was(void **state)
{
    struct queue queue;
    smtp_str slice = smtp_text("body");

    (void)state;
    start(&queue);
    assert_int_equal(smtp__output_take(&queue.output, 3), 0);
    smtp__output_put(&queue.output, smtp_text("abc"));
    smtp__output_borrow(&queue.output, slice);
    assert_int_equal(smtp__output_take(&queue.output, 0), 0);
    assert_int_equal(smtp__output_take(&queue.output, 2), 2);
    assert_queued(&queue, "cbody");
    assert_int_equal(smtp__output_take(&queue.output, 3), 3);
    assert_queued(&queue, "dy");
    assert_int_equal(smtp__output_take(&queue.output, 100), 2);
    assert_queued(&queue, "");
    assert_int_equal(smtp__output_room(&queue.output), CAPACITY);
}

/* A peer that reads slowly does not use the buffer up. */
static void test_what_has_gone_is_room_again(void **state)
{
    struct queue queue;
    int i;

    (void)state;
    start(&queue);
    smtp__output_put(&queue.output, smtp_text("0123456789abcdef0123456789"));
    for (i = 0; i < 100; i++) {
        assert_int_equal(smtp__output_take(&queue.output, 6), 6);
        assert_int_equal(smtp__output_room(&queue.output), CAPACITY - 20);
        smtp__output_put(&queue.output, smtp_text("abcdef"));
    }
    assert_queued(&queue, "efabcdefabcdefabcdefabcdef");
}

static void test_clear_forgets_and_wipes(void **state)
{
    static const char zeros[CAPACITY];
    struct queue queue;

    (void)state;
    start(&queue);
    smtp__output_put(&queue.output, smtp_text("secret"));
    smtp__output_clear(&queue.output);
    assert_queued(&queue, "");
    assert_memory_equal(queue.buffer, zeros, CAPACITY);
}

/* Against a plain string: puts, borrows and takes in any order. */
static void test_random_order(void **state)
{
    static const char source[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t seed = 7;
    struct queue queue;
    struct text model = {NULL, 0, 0};
    int i;

    (void)state;
    start(&queue);
    for (i = 0; i < 20000; i++) {
        smtp_str some;
        size_t n;
        some.ptr = source + random_below(&seed, 13);
        some.len = random_below(&seed, 13);
        n = random_below(&seed, 3);
        if (n == 2) {
            n = smtp__output_take(&queue.output, some.len);
            assert_int_equal(n, some.len < model.len ? some.len : model.len);
            if (n > 0)
                memmove(model.at, model.at + n, model.len - n + 1);
            model.len -= n;
        } else if (smtp__output_segments_left(&queue.output) > 0 &&
                   (n == 1 || some.len <= smtp__output_room(&queue.output))) {
            if (n == 1)
                smtp__output_borrow(&queue.output, some);
            else
                smtp__output_put(&queue.output, some);
            text_add(&model, some.ptr, some.len);
        }
        assert_queued(&queue, text_of(&model));
    }
    text_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_put_is_one_slice),
        cmocka_unit_test(test_borrowed_slices_stay_where_they_are),
        cmocka_unit_test(test_slice_that_ends_where_the_buffer_begins),
        cmocka_unit_test(test_taking_gives_how_much_there_was),
        cmocka_unit_test(test_what_has_gone_is_room_again),
        cmocka_unit_test(test_clear_forgets_and_wipes),
        cmocka_unit_test(test_random_order),
    };
    return cmocka_run_group_tests_name("session/output", tests, NULL, NULL);
}
