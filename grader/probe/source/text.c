/* Words of hostile files: a learner may write anything into the resolv.conf and hosts file of a container. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Only the beginning is read, and a line that the end of the buffer cuts is dropped: half a name is another
 * name. False when the file is there and cannot be read. */
bool read_file(struct file *file, const char *path)
{
    file->size = 0;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    ssize_t got = 1;
    while (got > 0 && file->size < sizeof file->bytes) {
        got = read(fd, file->bytes + file->size, sizeof file->bytes - file->size);
        file->size += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    if (file->size == sizeof file->bytes)
        while (file->size > 0 && file->bytes[file->size - 1] != '\n')
            file->size--;
    return got >= 0;
}

bool next_line(struct text *rest, struct text *line)
{
    if (rest->size == 0)
        return false;
    const char *end = memchr(rest->at, '\n', rest->size);
    line->at = rest->at;
    line->size = end ? (size_t)(end - rest->at) : rest->size;
    size_t skipped = line->size + (end ? 1 : 0);
    rest->at += skipped;
    rest->size -= skipped;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

bool next_word(struct text *line, struct text *word)
{
    while (line->size > 0 && is_blank(*line->at))
        line->at++, line->size--;
    word->at = line->at;
    while (line->size > 0 && !is_blank(*line->at))
        line->at++, line->size--;
    word->size = (size_t)(line->at - word->at);
    return word->size > 0;
}

bool is_word(struct text word, const char *expected)
{
    return word.size == strlen(expected) && memcmp(word.at, expected, word.size) == 0;
}

/* As a C string; false when it does not fit or holds a NUL byte. */
bool copy_word(struct text word, char *to, size_t size)
{
    if (word.size >= size || memchr(word.at, 0, word.size))
        return false;
    memcpy(to, word.at, word.size);
    to[word.size] = 0;
    return true;
}

/* One leading blank, then the word; every byte that could break a line of words goes as %XX. */
void print_word(struct text word)
{
    putchar(' ');
    for (size_t i = 0; i < word.size; i++) {
        unsigned char c = (unsigned char)word.at[i];
        if (c > ' ' && c < 0x7f && c != '%')
            putchar(c);
        else
            printf("%%%02X", c);
    }
}

void print_hex(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
}
