/* One request and a response that is bounded in size and, by the loop, in time. */
#include "probe.h"

#include <errno.h>
#include <stdlib.h>

static void end(struct question *question, enum ending ending)
{
    question->talk.ending = ending == END_EOF && question->talk.reset ? END_RESET : ending;
    settle(question);
}

void exchange_begin(struct question *question, bool reset)
{
    question->phase = TALKING;
    question->opened = true;
    question->talk.reset = reset;
    question->reach = OPEN;
    question->talk.response = malloc(question->talk.limit);
    if (!question->talk.response)
        abort();
    exchange_ready(question);
}

/* A peer that stops listening may have said something before: so a failing send only ends the sending. */
static void write_request(struct talk *talk, int fd)
{
    while (talk->written < talk->request_size) {
        ssize_t sent = send(fd, talk->request + talk->written, talk->request_size - talk->written, 0);
        if (sent > 0)
            talk->written += (size_t)sent;
        else if (errno == EAGAIN)
            return;
        else if (errno != EINTR) {
            talk->reset |= errno == ECONNRESET; /* told only once: the next read would say that the peer closed */
            talk->written = talk->request_size;
        }
    }
}

void exchange_ready(struct question *question)
{
    struct talk *talk = &question->talk;
    int fd = question->slots[0].fd;
    write_request(talk, fd);
    for (;;) {
        ssize_t got = recv(fd, talk->response + talk->size, talk->limit - talk->size, 0);
        if (got == 0)
            return end(question, END_EOF);
        if (got < 0 && errno == EAGAIN)
            return;
        if (got < 0 && errno != EINTR)
            return end(question, END_RESET);
        talk->size += got > 0 ? (size_t)got : 0;
        if (talk->size == talk->limit)
            return end(question, END_LIMIT);
    }
}
