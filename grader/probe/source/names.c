/* DNS without a resolver library: A and AAAA apart, absolute names, one datagram each way. The embedded server of
 * a network answers a known name at once and may never answer an unknown one, which it forwards. */
#include "probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { HEADER = 12, TYPE_A = 1, TYPE_AAAA = 28, CLASS_IN = 1, BURST = 64 };

static const struct {
    uint8_t type;
    size_t size;
} records[2] = {{TYPE_A, 4}, {TYPE_AAAA, 16}};

static void open_nameserver(struct nameservers *servers, const struct endpoint *to)
{
    int fd = socket(to->at.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        servers->failed |= errno != EAFNOSUPPORT;
        return;
    }
    /* Connected: the kernel then drops what comes from any other address or port. */
    if (connect(fd, &to->at.any, to->size) == 0) {
        servers->fds[servers->count++] = fd;
        return;
    }
    servers->failed |= is_local_failure(errno);
    close(fd);
}

void nameservers_open(struct nameservers *servers, const struct options *options)
{
    static struct file file;
    servers->failed = !read_file(&file, options->resolv);
    struct text rest = {file.bytes, file.size}, line, word;
    for (int seen = 0; seen < SERVERS && next_line(&rest, &line);) {
        struct endpoint to;
        char address[128];
        if (!next_word(&line, &word) || !is_word(word, "nameserver") || !next_word(&line, &word) ||
            !copy_word(word, address, sizeof address) || !parse_address(&to, address, options->resolver_port))
            continue;
        open_nameserver(servers, &to);
        seen++;
    }
}

static size_t build_query(const struct lookup *lookup, int family, uint8_t query[QUERY_SIZE])
{
    uint16_t id = lookup->families[family].id;
    memset(query, 0, HEADER);
    query[0] = (uint8_t)(id >> 8);
    query[1] = (uint8_t)id;
    query[2] = 1; /* recursion desired */
    query[5] = 1; /* one question */
    size_t at = HEADER;
    for (const char *label = lookup->name; *label;) {
        size_t size = strcspn(label, ".");
        query[at++] = (uint8_t)size;
        memcpy(query + at, label, size);
        at += size;
        label += size + (label[size] == '.');
    }
    const uint8_t tail[] = {0, 0, records[family].type, 0, CLASS_IN};
    memcpy(query + at, tail, sizeof tail);
    return at + sizeof tail;
}

static void send_queries(struct question *question, int fd)
{
    for (int family = 0; family < 2; family++) {
        uint8_t query[QUERY_SIZE];
        if (question->lookup->families[family].done)
            continue;
        size_t size = build_query(question->lookup, family, query);
        /* The first failure may be the report of an earlier datagram that was refused. */
        if (send(fd, query, size, 0) >= 0 || send(fd, query, size, 0) >= 0 || !is_local_failure(errno))
            question->sent = true;
    }
}

/* The servers take turns, the first one first; a late answer of any of them counts. */
void names_attempt(struct run *run, struct question *question, usec now)
{
    struct lookup *lookup = question->lookup;
    if (question->attempts == 1) {
        for (int family = 0; family < 2; family++) {
            lookup->families[family].found = NO_ANSWER;
            if (getrandom(&lookup->families[family].id, sizeof(uint16_t), 0) < 0)
                abort();
        }
    }
    if (run->servers.count == 0) {
        question->sent = !run->servers.failed;
        return settle(question);
    }
    size_t server = (question->attempts - 1) % run->servers.count;
    if (lookup->asked[server] == 0)
        lookup->asked[server] = now;
    send_queries(question, run->servers.fds[server]);
}

static uint16_t number_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* A compression pointer ends a name, and is never followed: so no loop of them can hold us. */
static bool skip_name(const uint8_t *reply, size_t size, size_t *at)
{
    while (*at < size) {
        uint8_t label = reply[*at];
        if (label >= 0xc0)
            return (*at += 2) <= size;
        if (label > 63)
            return false;
        *at += 1 + (size_t)label;
        if (label == 0)
            return true;
    }
    return false;
}

static void take_address(struct family *family, const uint8_t *address, size_t size)
{
    for (size_t i = 0; i < family->count; i++)
        if (memcmp(family->addresses[i], address, size) == 0)
            return;
    if (family->count < ADDRESSES)
        memcpy(family->addresses[family->count++], address, size);
}

/* Records of the asked type, whoever owns them: the name may be an alias. What is cut or garbled ends it. */
static void take_addresses(struct family *family, int which, const uint8_t *reply, size_t size, size_t at)
{
    for (unsigned left = number_at(reply + 6); left > 0; left--) {
        if (!skip_name(reply, size, &at) || size - at < 10)
            return;
        const uint8_t *record = reply + at;
        size_t data = number_at(record + 8);
        at += 10;
        if (size - at < data)
            return;
        if (number_at(record) == records[which].type && number_at(record + 2) == CLASS_IN &&
            data == records[which].size)
            take_address(family, reply + at, data);
        at += data;
    }
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

/* Whether it answers this very query: identifier, kind of message, and the question byte for byte. */
static bool answers(const uint8_t *reply, size_t size, const uint8_t *query, size_t query_size)
{
    if (size < query_size || memcmp(reply, query, 2) != 0)
        return false;
    if ((reply[2] & 0xf8) != 0x80 || number_at(reply + 4) != 1)
        return false;
    for (size_t i = HEADER; i < query_size; i++)
        if (lower(reply[i]) != lower(query[i]))
            return false;
    return true;
}

static bool take_reply(struct question *question, const uint8_t *reply, size_t size)
{
    for (int which = 0; which < 2; which++) {
        struct family *family = &question->lookup->families[which];
        uint8_t query[QUERY_SIZE];
        size_t query_size = build_query(question->lookup, which, query);
        if (family->done || !answers(reply, size, query, query_size))
            continue;
        unsigned code = reply[3] & 0x0f;
        family->done = true;
        family->found = code == 0 ? ANSWERED : code == 3 ? NXDOMAIN : SERVFAIL;
        if (code == 0)
            take_addresses(family, which, reply, size, query_size);
        return true;
    }
    return false;
}

static void dispatch_reply(struct run *run, size_t server, const uint8_t *reply, size_t size, usec now)
{
    for (size_t i = 0; i < run->count; i++) {
        struct question *question = &run->questions[i];
        if (question->kind != DNS || question->phase != ASKING || question->lookup->asked[server] == 0)
            continue;
        if (!take_reply(question, reply, size))
            continue;
        usec elapsed = now - question->lookup->asked[server];
        if (elapsed > run->slowest_name)
            run->slowest_name = elapsed;
        if (question->lookup->families[0].done && question->lookup->families[1].done)
            settle(question);
        return;
    }
}

/* At most a burst at a time, so that a server that never stops cannot keep us from the clock. */
void names_ready(struct run *run, size_t server, usec now)
{
    uint8_t reply[4096];
    for (int i = 0; i < BURST; i++) {
        ssize_t size = recv(run->servers.fds[server], reply, sizeof reply, 0);
        if (size < 0 && errno == EAGAIN)
            return;
        if (size >= HEADER)
            dispatch_reply(run, server, reply, (size_t)size, now);
    }
}
