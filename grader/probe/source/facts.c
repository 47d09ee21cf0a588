/* What the sandbox looks like, line by line:
 *
 *   interface NAME ADDRESS PREFIX      route INTERFACE DESTINATION GATEWAY|-
 *   nameserver ADDRESS                 search DOMAIN
 *   hosts ADDRESS NAME...              listener ADDRESS PORT
 *   unread WHAT                        it is there and we could not read it: an empty list would be a lie
 *
 * Every list is bounded: a learner may have filled it.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

enum { MOST_LINES = 1024, MOST_NAMES = 64, LONGEST_WORD = 255 };

static struct text as_text(const char *string)
{
    return (struct text){string, strlen(string)};
}

static void print_address(int family, const void *address)
{
    char text[INET6_ADDRSTRLEN];
    const uint8_t *bytes = address;
    if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)address))
        printf(" %s", inet_ntop(AF_INET, bytes + 12, text, sizeof text));
    else
        printf(" %s", inet_ntop(family, address, text, sizeof text));
}

static int prefix_of(const uint8_t *mask, size_t size)
{
    int bits = 0;
    for (size_t i = 0; i < size; i++)
        bits += __builtin_popcount(mask[i]);
    return bits;
}

static void print_interface(const char *name, const struct sockaddr *at, const struct sockaddr *mask)
{
    bool v4 = at->sa_family == AF_INET;
    size_t offset = v4 ? offsetof(struct sockaddr_in, sin_addr) : offsetof(struct sockaddr_in6, sin6_addr);
    printf("interface");
    print_word(as_text(name));
    print_address(at->sa_family, (const uint8_t *)at + offset);
    printf(" %d\n", prefix_of((const uint8_t *)mask + offset, v4 ? 4 : 16));
}

static void print_interfaces(void)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) < 0) {
        puts("unread interfaces");
        return;
    }
    int lines = 0;
    for (const struct ifaddrs *one = all; one && lines < MOST_LINES; one = one->ifa_next) {
        int family = one->ifa_addr ? one->ifa_addr->sa_family : AF_UNSPEC;
        if ((family != AF_INET && family != AF_INET6) || !one->ifa_netmask)
            continue;
        print_interface(one->ifa_name, one->ifa_addr, one->ifa_netmask);
        lines++;
    }
    freeifaddrs(all);
}

static void print_hop(const struct rtmsg *route, const void *to, const void *via, int link)
{
    static const uint8_t any[16];
    char name[IF_NAMESIZE];
    if (!if_indextoname((unsigned)link, name))
        return;
    printf("route");
    print_word(as_text(name));
    print_address(route->rtm_family, to ? to : any);
    printf("/%d", route->rtm_dst_len);
    if (via)
        print_address(route->rtm_family, via);
    else
        printf(" -");
    putchar('\n');
}

static void print_hops(const struct rtmsg *route, const void *to, struct rtattr *hops)
{
    struct rtnexthop *hop = RTA_DATA(hops);
    int left = (int)RTA_PAYLOAD(hops);
    while (left >= (int)sizeof *hop && RTNH_OK(hop, left)) {
        const void *via = NULL;
        int size = (int)(hop->rtnh_len - sizeof *hop);
        for (struct rtattr *item = RTNH_DATA(hop); RTA_OK(item, size); item = RTA_NEXT(item, size))
            if (item->rta_type == RTA_GATEWAY)
                via = RTA_DATA(item);
        print_hop(route, to, via, hop->rtnh_ifindex);
        left -= (int)RTNH_ALIGN(hop->rtnh_len);
        hop = RTNH_NEXT(hop);
    }
}

/* A kernel without IPv6 answers a dump of its routes with those of other families: hence the check of it. */
static bool print_route(struct nlmsghdr *message, int family)
{
    struct rtmsg *route = NLMSG_DATA(message);
    uint32_t table = route->rtm_table;
    const void *to = NULL, *via = NULL;
    struct rtattr *hops = NULL;
    int link = 0, size = (int)RTM_PAYLOAD(message);
    for (struct rtattr *item = RTM_RTA(route); RTA_OK(item, size); item = RTA_NEXT(item, size)) {
        if (item->rta_type == RTA_TABLE)
            memcpy(&table, RTA_DATA(item), sizeof table);
        else if (item->rta_type == RTA_OIF)
            memcpy(&link, RTA_DATA(item), sizeof link);
        else if (item->rta_type == RTA_DST)
            to = RTA_DATA(item);
        else if (item->rta_type == RTA_GATEWAY)
            via = RTA_DATA(item);
        else if (item->rta_type == RTA_MULTIPATH)
            hops = item;
    }
    if (route->rtm_family != family || table != RT_TABLE_MAIN || route->rtm_type != RTN_UNICAST)
        return false;
    if (hops)
        print_hops(route, to, hops);
    else
        print_hop(route, to, via, link);
    return true;
}

/* Whether the dump was read to its end, or as far as the bound. */
static bool print_dump(int fd, int family)
{
    static char buffer[32 * 1024] __attribute__((aligned(8)));
    for (int lines = 0; lines < MOST_LINES;) {
        ssize_t got = recv(fd, buffer, sizeof buffer, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        int left = (int)got;
        struct nlmsghdr *item = (void *)buffer;
        for (; left > 0 && NLMSG_OK(item, (unsigned)left); item = NLMSG_NEXT(item, left)) {
            if (item->nlmsg_type == NLMSG_DONE)
                return true;
            if (item->nlmsg_type == NLMSG_ERROR)
                return false;
            if (item->nlmsg_type == RTM_NEWROUTE)
                lines += print_route(item, family);
        }
    }
    return true;
}

static void print_routes(int family)
{
    struct {
        struct nlmsghdr header;
        struct rtmsg route;
    } request = {.header = {.nlmsg_len = sizeof request,
                            .nlmsg_type = RTM_GETROUTE,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
                 .route = {.rtm_family = (unsigned char)family}};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0 || send(fd, &request, sizeof request, 0) < 0 || !print_dump(fd, family))
        puts("unread routes");
    if (fd >= 0)
        close(fd);
}

static bool is_address(struct text word)
{
    char copy[128];
    struct endpoint to;
    return copy_word(word, copy, sizeof copy) && parse_address(&to, copy, 0);
}

static void print_resolver(const char *path)
{
    static struct file file;
    if (!read_file(&file, path))
        puts("unread resolv.conf");
    struct text rest = {file.bytes, file.size}, line, word, search = {NULL, 0};
    int lines = 0;
    while (lines < MOST_LINES && next_line(&rest, &line)) {
        if (!next_word(&line, &word))
            continue;
        if (is_word(word, "search") || is_word(word, "domain"))
            search = line; /* the last one holds, as in libc */
        if (!is_word(word, "nameserver") || !next_word(&line, &word) || !is_address(word))
            continue;
        printf("nameserver");
        print_word(word);
        putchar('\n');
        lines++;
    }
    for (int names = 0; names < MOST_NAMES && next_word(&search, &word); names++) {
        if (word.size > LONGEST_WORD)
            continue;
        printf("search");
        print_word(word);
        putchar('\n');
    }
}

static void print_hosts_line(struct text line)
{
    const char *comment = memchr(line.at, '#', line.size);
    if (comment)
        line.size = (size_t)(comment - line.at);
    struct text address, name;
    if (!next_word(&line, &address) || !is_address(address) || !next_word(&line, &name))
        return;
    printf("hosts");
    print_word(address);
    int names = 0;
    do {
        if (name.size <= LONGEST_WORD)
            print_word(name);
    } while (++names < MOST_NAMES && next_word(&line, &name));
    putchar('\n');
}

static void print_hosts(const char *path)
{
    static struct file file;
    if (!read_file(&file, path))
        puts("unread hosts");
    struct text rest = {file.bytes, file.size}, line;
    for (int lines = 0; lines < MOST_LINES && next_line(&rest, &line); lines++)
        print_hosts_line(line);
}

/* `0100007F:1F90`: the address in words of the machine's byte order, the port as a number. */
static void print_listener(const char *local)
{
    uint32_t words[4];
    unsigned port;
    int count = 0;
    for (; count < 4 && sscanf(local, "%8x", &words[count]) == 1; count++) {
        local += 8;
        if (*local == ':')
            break;
    }
    if (*local != ':' || sscanf(local, ":%x", &port) != 1)
        return;
    printf("listener");
    print_address(count == 0 ? AF_INET : AF_INET6, words);
    printf(" %u\n", port);
}

/* The kernel lists all listeners before the first connection, of which a busy host has many thousands. */
static void print_listeners(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[512], local[40];
    unsigned state;
    if (!file) {
        if (errno != ENOENT) /* there is no tcp6 in a kernel without IPv6 */
            puts("unread listeners");
        return;
    }
    int lines = -1; /* the first one is a heading */
    while (lines < MOST_LINES && fgets(line, sizeof line, file)) {
        enum { LISTEN = 0x0a };
        if (lines++ < 0)
            continue;
        if (sscanf(line, " %*d: %39s %*s %x", local, &state) != 2 || state != LISTEN)
            break;
        print_listener(local);
    }
    if (ferror(file))
        puts("unread listeners");
    fclose(file);
}

void print_facts(const struct options *options)
{
    print_interfaces();
    print_routes(AF_INET);
    print_routes(AF_INET6);
    print_resolver(options->resolv);
    print_hosts(options->hosts);
    print_listeners("/proc/net/tcp");
    print_listeners("/proc/net/tcp6");
}
