/* How an address behaves. A negative is only as good as the number of packets that went unanswered, and the
 * kernel sends a lost SYN again after a whole second only: so each attempt is a fresh socket. The first one
 * stays open through the window, for a late SYN-ACK; the second is replaced. */
#include "probe.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/errqueue.h>
#include <linux/tcp.h>

/* A failure of this machine, which says nothing about the network. */
bool is_local_failure(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS || error == EAGAIN;
}

static void settle_as(struct question *question, enum reach reach)
{
    question->reach = reach;
    settle(question);
}

static void close_slot(struct slot *slot)
{
    if (slot->fd >= 0)
        close(slot->fd);
    slot->fd = -1;
}

/* Whether an ICMP error waits in the socket's error queue. The queue also wakes us for an error that comes while
 * connect() still holds the socket; otherwise the kernel notes it and tells nobody (tcp_v4_err). */
static bool has_icmp_error(int fd)
{
    char control[512], data[256];
    bool found = false;
    for (int i = 0; i < 16; i++) {
        struct iovec payload = {.iov_base = data, .iov_len = sizeof data};
        struct msghdr message = {.msg_iov = &payload,
                                 .msg_iovlen = 1,
                                 .msg_control = control,
                                 .msg_controllen = sizeof control};
        if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            break;
        for (struct cmsghdr *item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item)) {
            bool is_error = (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR) ||
                            (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR);
            struct sock_extended_err error;
            if (!is_error || item->cmsg_len < CMSG_LEN(sizeof error))
                continue;
            memcpy(&error, CMSG_DATA(item), sizeof error);
            found |= error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
        }
    }
    return found;
}

/* Kernels before 5.9 queue no ICMP error for a connection that is not established. There the count of TCP
 * segments received tells: a refusal by the target is a segment, one by ICMP is not. Before 4.2 there is no
 * such count and a refusal is taken at its word. */
static bool got_no_segment(int fd)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
        return false;
    return size >= offsetof(struct tcp_info, tcpi_segs_in) + sizeof info.tcpi_segs_in && info.tcpi_segs_in == 0;
}

/* A reset after the handshake shows as an error, and the port did accept. */
static bool is_established(int fd, int error)
{
    struct endpoint there = {.size = sizeof there.at};
    if (error)
        return error == ECONNRESET || error == EPIPE;
    return getpeername(fd, &there.at.any, &there.size) == 0;
}

/* A socket that is given the very port that it connects to connects to itself. */
static bool is_connected_to_itself(int fd)
{
    struct endpoint here = {.size = sizeof here.at}, there = {.size = sizeof there.at};
    return getsockname(fd, &here.at.any, &here.size) == 0 && getpeername(fd, &there.at.any, &there.size) == 0 &&
           here.size == there.size && memcmp(&here.at, &there.at, here.size) == 0;
}

static int socket_error(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}

static void ask_for_icmp_errors(int fd, int family)
{
    int on = 1;
    if (family == AF_INET)
        setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    else
        setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

/* A socket in the slot; false when there is none, and the question is settled unless a later attempt may do. */
static bool open_slot(struct question *question, struct slot *slot, int type, int protocol)
{
    int family = question->to.at.any.sa_family;
    slot->fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (slot->fd < 0) {
        if (!is_local_failure(errno)) /* EACCES: not in net.ipv4.ping_group_range */
            settle_as(question, errno == EAFNOSUPPORT ? NO_ROUTE : NOT_OBSERVED);
        return false;
    }
    ask_for_icmp_errors(slot->fd, family);
    return true;
}

static void note_reach(struct run *run, usec elapsed)
{
    if (elapsed > run->slowest_reach)
        run->slowest_reach = elapsed;
}

static void accept_connection(struct question *question, struct slot *slot, int error)
{
    if (question->kind != EXCHANGE)
        return settle_as(question, OPEN);
    struct slot open = *slot;
    slot->fd = -1;
    for (int i = 0; i < SLOTS; i++)
        close_slot(&question->slots[i]);
    question->slots[0] = open;
    exchange_begin(question, error != 0);
}

/* All local ports are in use; IPv6 says the same of a machine without any address to come from. */
static bool lacks_port(const struct question *question, int error)
{
    return error == EADDRNOTAVAIL && question->to.at.any.sa_family == AF_INET;
}

/* What one connection came to, given its error, which is 0 as well while nothing is decided. */
static void judge_connection(struct run *run, struct question *question, struct slot *slot, int error, usec now)
{
    if (error == ETIMEDOUT || is_local_failure(error) || lacks_port(question, error))
        return close_slot(slot);
    bool established = is_established(slot->fd, error);
    bool refused = established && is_connected_to_itself(slot->fd);
    if (!established) {
        bool icmp = has_icmp_error(slot->fd);
        if (!icmp && error == 0)
            return;
        refused = !icmp && error == ECONNREFUSED && !got_no_segment(slot->fd);
    }
    if (!established && !refused)
        return settle_as(question, NO_ROUTE);
    note_reach(run, now - slot->since);
    if (refused)
        settle_as(question, REFUSED);
    else
        accept_connection(question, slot, error);
}

static void connect_attempt(struct run *run, struct question *question, usec now)
{
    struct slot *slot = &question->slots[question->slots[0].fd < 0 ? 0 : 1];
    close_slot(slot);
    if (!open_slot(question, slot, SOCK_STREAM, 0))
        return;
    slot->since = now;
    int error = connect(slot->fd, &question->to.at.any, question->to.size) < 0 ? errno : 0;
    question->sent |= !is_local_failure(error) && !lacks_port(question, error);
    if (error != EINPROGRESS)
        judge_connection(run, question, slot, error, clock_now());
}

static void connect_ready(struct run *run, struct question *question, struct slot *slot, usec now)
{
    judge_connection(run, question, slot, socket_error(slot->fd), now);
}

/* What an echo carries, so that a reply is known for ours and tells when it was asked for. */
struct echo {
    uint64_t token;
    usec sent;
};

enum { ICMP_HEADER = 8 };

/* Checksum and identifier are the kernel's work on such a socket. */
static int send_echo(struct question *question, int fd, usec now)
{
    uint8_t packet[ICMP_HEADER + sizeof(struct echo)] = {0};
    struct echo echo = {.token = question->token, .sent = now};
    packet[0] = question->to.at.any.sa_family == AF_INET ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    packet[7] = (uint8_t)question->attempts;
    memcpy(packet + ICMP_HEADER, &echo, sizeof echo);
    return send(fd, packet, sizeof packet, 0) < 0 ? errno : 0;
}

static void judge_echo_error(struct question *question, int error)
{
    if (error && !is_local_failure(error))
        settle_as(question, NO_ROUTE);
}

static void echo_attempt(struct question *question, usec now)
{
    struct slot *slot = &question->slots[0];
    if (slot->fd < 0) {
        if (!open_slot(question, slot, SOCK_DGRAM,
                       question->to.at.any.sa_family == AF_INET ? IPPROTO_ICMP : (int)IPPROTO_ICMPV6))
            return;
        if (connect(slot->fd, &question->to.at.any, question->to.size) < 0)
            return judge_echo_error(question, errno);
    }
    int error = send_echo(question, slot->fd, now);
    question->sent |= error == 0;
    judge_echo_error(question, error);
}

static void echo_ready(struct run *run, struct question *question, struct slot *slot, usec now)
{
    uint8_t packet[256];
    uint8_t reply = question->to.at.any.sa_family == AF_INET ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
    for (int i = 0; i < 16; i++) {
        ssize_t size = recv(slot->fd, packet, sizeof packet, 0);
        struct echo echo;
        if (size < 0)
            break;
        if ((size_t)size < ICMP_HEADER + sizeof echo || packet[0] != reply)
            continue;
        memcpy(&echo, packet + ICMP_HEADER, sizeof echo);
        if (echo.token != question->token)
            continue;
        note_reach(run, now - echo.sent);
        return settle_as(question, OPEN);
    }
    int error = socket_error(slot->fd);
    if (has_icmp_error(slot->fd))
        settle_as(question, NO_ROUTE);
    else
        judge_echo_error(question, error);
}

void reach_attempt(struct run *run, struct question *question, usec now)
{
    if (question->kind == ICMP)
        echo_attempt(question, now);
    else
        connect_attempt(run, question, now);
}

void reach_ready(struct run *run, struct question *question, int slot, usec now)
{
    if (question->kind == ICMP)
        echo_ready(run, question, &question->slots[slot], now);
    else
        connect_ready(run, question, &question->slots[slot], now);
}
