/* probe [OPTION]... [QUESTION]...
 *
 * Prints facts about the sandbox that it runs in, then one answer for each question, then how many there were.
 * Whoever reads less than that must believe nothing of it. The questions come as arguments, never on stdin:
 * an engine's attach over TLS cannot close one direction.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef SOURCE
#define SOURCE "unknown"
#endif

enum {
    PROTOCOL = 1,
    ATTEMPTS = 4,         /* in one window */
    PATIENCE = 8,         /* a negative waits so many times longer than the slowest positive took */
    MOST_WINDOWS = 8,     /* and at most so many windows */
    MOST_IN_FLIGHT = 1000, /* some 10 MB of kernel memory, of the 64 that a sidecar may use */
    SPARE_FDS = 16,
};

usec clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (usec)now.tv_sec * 1000 * 1000 + now.tv_nsec / 1000;
}

void settle(struct question *question)
{
    for (int i = 0; i < SLOTS; i++) {
        if (question->slots[i].fd >= 0)
            close(question->slots[i].fd);
        question->slots[i].fd = -1;
    }
    question->phase = SETTLED;
}

static usec window_of(const struct run *run, const struct question *question)
{
    usec window = run->options.window;
    usec wanted = PATIENCE * (question->kind == DNS ? run->slowest_name : run->slowest_reach);
    usec most = MOST_WINDOWS * window;
    return wanted < window ? window : wanted < most ? wanted : most;
}

/* When its silence becomes its answer. */
static usec deadline_of(const struct run *run, const struct question *question)
{
    usec exchange = run->started + run->options.exchange;
    if (question->phase == TALKING)
        return exchange;
    return question->started + window_of(run, question);
}

static void give_up(struct question *question)
{
    if (question->phase == TALKING)
        question->talk.ending = END_DEADLINE;
    else
        question->reach = question->sent ? TIMEOUT : NOT_OBSERVED;
    settle(question);
}

static void attempt(struct run *run, struct question *question, usec now)
{
    question->attempts++;
    question->next = now + window_of(run, question) / ATTEMPTS;
    if (question->kind == DNS)
        names_attempt(run, question, now);
    else
        reach_attempt(run, question, now);
}

static void begin(struct question *question, usec now)
{
    question->phase = ASKING;
    question->started = question->next = now;
    if (question->kind == UNASKED)
        settle(question);
}

static void step(struct run *run, struct question *question, usec now)
{
    if (now >= deadline_of(run, question))
        give_up(question);
    else if (question->phase == ASKING && now >= question->next)
        attempt(run, question, now);
}

/* What one round of the loop waits for: entries of `fds` belong to a question's slot, the last ones to the
 * nameservers. */
struct watch {
    struct pollfd *fds;
    struct owner {
        struct question *question;
        int slot;
    } *owners;
    nfds_t count;
    usec wake;
};

static short events_of(const struct question *question)
{
    bool writes = question->phase == TALKING ? question->talk.written < question->talk.request_size
                                             : question->kind != ICMP;
    return (short)(POLLIN | (writes ? POLLOUT : 0));
}

static void watch_question(struct run *run, struct watch *watch, struct question *question)
{
    usec deadline = deadline_of(run, question);
    usec due = question->phase == ASKING && question->next < deadline ? question->next : deadline;
    if (due < watch->wake)
        watch->wake = due;
    for (int slot = 0; slot < SLOTS; slot++) {
        int fd = question->slots[slot].fd;
        if (fd < 0)
            continue;
        watch->fds[watch->count] = (struct pollfd){.fd = fd, .events = events_of(question)};
        watch->owners[watch->count++] = (struct owner){question, slot};
    }
}

/* Move every question on as far as the clock allows, at most `capacity` at a time; false when none is left. */
static bool advance(struct run *run, struct watch *watch, size_t *settled, size_t capacity)
{
    size_t active = 0;
    watch->count = 0;
    watch->wake = INT64_MAX;
    while (*settled < run->count && run->questions[*settled].phase == SETTLED)
        ++*settled;
    for (size_t i = *settled; i < run->count && active < capacity; i++) {
        struct question *question = &run->questions[i];
        usec now = clock_now();
        if (question->phase == WAITING)
            begin(question, now);
        if (question->phase != SETTLED)
            step(run, question, now);
        if (question->phase == SETTLED)
            continue;
        watch_question(run, watch, question);
        active++;
    }
    return active > 0;
}

static void wait_for(struct run *run, struct watch *watch)
{
    nfds_t questions = watch->count;
    for (size_t i = 0; i < run->servers.count; i++)
        watch->fds[watch->count++] = (struct pollfd){.fd = run->servers.fds[i], .events = POLLIN};
    usec left = watch->wake - clock_now();
    int timeout = left <= 0 ? 0 : (int)((left + MILLISECOND - 1) / MILLISECOND);
    if (poll(watch->fds, watch->count, timeout) <= 0)
        return;
    usec now = clock_now();
    for (nfds_t i = 0; i < watch->count; i++) {
        if (!watch->fds[i].revents)
            continue;
        if (i >= questions) {
            names_ready(run, (size_t)(i - questions), now);
            continue;
        }
        struct owner owner = watch->owners[i];
        if (owner.question->slots[owner.slot].fd != watch->fds[i].fd)
            continue; /* its other slot has settled it in this round */
        if (owner.question->phase == TALKING)
            exchange_ready(owner.question);
        else
            reach_ready(run, owner.question, owner.slot, now);
    }
}

/* How many questions may hold their sockets at the same time. */
static size_t raise_capacity(void)
{
    struct rlimit limit;
    rlim_t wanted = MOST_IN_FLIGHT * SLOTS + SPARE_FDS;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted)
        return MOST_IN_FLIGHT;
    return limit.rlim_cur > SPARE_FDS + SLOTS ? (size_t)(limit.rlim_cur - SPARE_FDS) / SLOTS : 1;
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

static void ask_all(struct run *run)
{
    size_t capacity = raise_capacity(), settled = 0;
    size_t fds = capacity * SLOTS + SERVERS;
    struct watch watch = {.fds = allocate(fds, sizeof *watch.fds), .owners = allocate(fds, sizeof *watch.owners)};
    while (advance(run, &watch, &settled, capacity))
        wait_for(run, &watch);
    free(watch.fds);
    free(watch.owners);
}

static const char *const reach_words[] = {"open", "refused", "timeout", "no-route", "not-observed"};
static const char *const ending_words[] = {"eof", "reset", "limit", "deadline"};
static const char *const found_words[] = {"answered", "nxdomain", "servfail", "no-answer", "not-observed"};

static void print_found(const struct question *question)
{
    const struct family *families = question->lookup->families;
    char text[INET6_ADDRSTRLEN];
    for (int i = 0; i < 2; i++)
        printf(" %s", found_words[question->sent ? families[i].found : FOUND_NOT_OBSERVED]);
    for (int i = 0; i < 2; i++)
        for (size_t j = 0; j < families[i].count; j++)
            printf(" %s", inet_ntop(i ? AF_INET6 : AF_INET, families[i].addresses[j], text, sizeof text));
}

static void print_exchange(const struct question *question)
{
    printf(" %s", reach_words[question->reach]);
    if (!question->opened)
        return;
    printf(" %s ", ending_words[question->talk.ending]);
    if (question->talk.size == 0)
        putchar('-');
    print_hex(question->talk.response, question->talk.size);
}

static void print_answers(const struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct question *question = &run->questions[i];
        printf("answer %zu", i);
        if (question->kind == UNASKED)
            printf(" unasked");
        else if (question->kind == DNS)
            print_found(question);
        else if (question->kind == EXCHANGE)
            print_exchange(question);
        else
            printf(" %s", reach_words[question->reach]);
        putchar('\n');
    }
    printf("end %zu\n", run->count);
}

static void self_destruct(int signal)
{
    (void)signal;
    _exit(1);
}

/* A sidecar must never live on. The handler is needed: a container's first process is not killed by signals
 * that it leaves at their default. */
static void limit_life(const struct options *options)
{
    struct sigaction destruct = {.sa_handler = self_destruct}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGALRM, &destruct, NULL);
    sigaction(SIGTERM, &destruct, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    const usec second = 1000 * MILLISECOND;
    struct itimerval life = {.it_value = {.tv_sec = options->life / second, .tv_usec = options->life % second}};
    setitimer(ITIMER_REAL, &life, NULL);
}

static void read_words(struct run *run, int count, char **words)
{
    run->questions = allocate((size_t)count, sizeof *run->questions);
    for (int i = 0; i < count; i++) {
        if (parse_option(&run->options, words[i]))
            continue;
        struct question *question = &run->questions[run->count++];
        parse_question(question, words[i]);
        if (getrandom(&question->token, sizeof question->token, 0) < 0)
            abort();
    }
}

int main(int argc, char **argv)
{
    static struct run run = {.options = {.window = 250 * MILLISECOND,
                                         .exchange = 2500 * MILLISECOND,
                                         .life = 30 * 1000 * MILLISECOND,
                                         .resolv = "/etc/resolv.conf",
                                         .hosts = "/etc/hosts",
                                         .resolver_port = 53}};
    run.started = clock_now();
    read_words(&run, argc > 0 ? argc - 1 : 0, argv + 1);
    limit_life(&run.options);
    printf("grade-probe %d %s\n", PROTOCOL, SOURCE);
    print_facts(&run.options);
    nameservers_open(&run.servers, &run.options);
    ask_all(&run);
    print_answers(&run);
    return fflush(stdout) == 0 ? 0 : 1;
}
