/* The probe looks at one network sandbox from inside and asks it questions, all at once.
 *
 *   probe.c      the command line of questions, the loop that asks them, the answers
 *   question.c   one word of the command line -> one question
 *   reach.c      TCP connections and ICMP echoes: open, refused, timeout, no-route
 *   exchange.c   one request and a bounded response on an open connection
 *   names.c      DNS, straight to the sandbox's own nameservers
 *   facts.c      interfaces, routes, resolver, hosts file and listeners of the sandbox
 *   text.c       words of hostile files, and how they are printed
 *
 * It depends on nothing but a libc and the kernel's headers, and getaddrinfo is avoided: linked statically,
 * glibc's would need shared libraries at run time.
 */
#ifndef PROBE_H
#define PROBE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

typedef int64_t usec; /* microseconds of the monotonic clock */

#define MILLISECOND ((usec)1000)

enum {
    SLOTS = 2,       /* sockets of one question at a time */
    SERVERS = 3,     /* nameservers that are asked, as libc does */
    ADDRESSES = 16,  /* addresses kept of one name and family */
    NAME_SIZE = 255, /* octets of a DNS name on the wire */
    QUERY_SIZE = 12 + NAME_SIZE + 4,
};

enum kind { UNASKED, TCP, ICMP, DNS, EXCHANGE };
enum phase { WAITING, ASKING, TALKING, SETTLED };
enum reach { OPEN, REFUSED, TIMEOUT, NO_ROUTE, NOT_OBSERVED };
enum ending { END_EOF, END_RESET, END_LIMIT, END_DEADLINE };
enum found { ANSWERED, NXDOMAIN, SERVFAIL, NO_ANSWER, FOUND_NOT_OBSERVED };

struct endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
    socklen_t size;
};

struct slot {
    int fd;
    usec since;
};

struct talk {
    uint8_t *request, *response;
    size_t request_size, written, limit, size;
    bool reset; /* whether the connection was reset before it was looked at */
    enum ending ending;
};

struct lookup {
    char name[NAME_SIZE + 1];
    usec asked[SERVERS]; /* when each server was asked first, 0 for never */
    struct family {
        uint16_t id;
        bool done;
        enum found found;
        size_t count;
        uint8_t addresses[ADDRESSES][16];
    } families[2]; /* A and AAAA */
};

struct question {
    enum kind kind;
    enum phase phase;
    usec started, next; /* when it was asked first, when it is asked again */
    unsigned attempts;
    bool sent;   /* whether any attempt left this machine: silence means nothing otherwise */
    bool opened; /* whether an exchange got its connection */
    enum reach reach;
    struct endpoint to;
    struct slot slots[SLOTS];
    uint64_t token;
    struct talk talk;
    struct lookup *lookup;
};

struct nameservers {
    size_t count;
    bool failed; /* whether a socket of our own could not be had */
    int fds[SERVERS];
};

struct options {
    usec window, exchange, life;
    const char *resolv, *hosts;
    uint16_t resolver_port;
};

struct run {
    struct options options;
    usec started;
    usec slowest_reach, slowest_name; /* of the answers so far: negatives wait in proportion */
    struct nameservers servers;
    size_t count;
    struct question *questions;
};

usec clock_now(void);
bool is_local_failure(int error);
void settle(struct question *question);

bool parse_option(struct options *options, const char *word);
void parse_question(struct question *question, const char *word);
bool parse_address(struct endpoint *to, const char *text, uint16_t port);

void reach_attempt(struct run *run, struct question *question, usec now);
void reach_ready(struct run *run, struct question *question, int slot, usec now);

void exchange_begin(struct question *question, bool reset);
void exchange_ready(struct question *question);

void nameservers_open(struct nameservers *servers, const struct options *options);
void names_attempt(struct run *run, struct question *question, usec now);
void names_ready(struct run *run, size_t server, usec now);

void print_facts(const struct options *options);

/* A piece of a file: it may hold anything, NUL bytes too. */
struct text {
    const char *at;
    size_t size;
};

struct file {
    char bytes[64 * 1024];
    size_t size;
};

bool read_file(struct file *file, const char *path);
bool next_line(struct text *rest, struct text *line);
bool next_word(struct text *line, struct text *word);
bool is_word(struct text word, const char *expected);
bool copy_word(struct text word, char *to, size_t size);
void print_word(struct text word);
void print_hex(const uint8_t *bytes, size_t size);

#endif
