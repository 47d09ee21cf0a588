/* One word of the command line is an option or a question:
 *
 *   window=MS exchange=MS           how long silence must last; when an exchange ends, from the start on
 *   life=MS                         when the probe ends itself, whatever it waits for
 *   resolv=PATH hosts=PATH resolver-port=PORT        (for tests)
 *   tcp,ADDRESS,PORT   icmp,ADDRESS   dns,NAME   exchange,ADDRESS,PORT,LIMIT,HEXREQUEST
 *
 * A question that makes no sense stays UNASKED and keeps its place in the numbering.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_MS = 600 * 1000, LARGEST_RESPONSE = 1 << 20 };

static bool parse_number(const char *text, unsigned long limit, unsigned long *number)
{
    if (*text < '0' || *text > '9')
        return false;
    char *end;
    errno = 0;
    *number = strtoul(text, &end, 10);
    return errno == 0 && *end == 0 && *number <= limit;
}

static bool parse_ms(const char *text, usec *time)
{
    unsigned long number;
    if (!parse_number(text, LONGEST_MS, &number))
        return false;
    *time = (usec)number * MILLISECOND;
    return true;
}

static bool parse_port(const char *text, uint16_t *port)
{
    unsigned long number;
    if (!parse_number(text, UINT16_MAX, &number))
        return false;
    *port = (uint16_t)number;
    return true;
}

static const char *value_of(const char *word, const char *name)
{
    size_t size = strlen(name);
    return strncmp(word, name, size) == 0 ? word + size : NULL;
}

bool parse_option(struct options *options, const char *word)
{
    const char *value;
    if ((value = value_of(word, "window=")))
        return parse_ms(value, &options->window);
    if ((value = value_of(word, "exchange=")))
        return parse_ms(value, &options->exchange);
    if ((value = value_of(word, "life=")))
        return parse_ms(value, &options->life);
    if ((value = value_of(word, "resolver-port=")))
        return parse_port(value, &options->resolver_port);
    if ((value = value_of(word, "resolv=")))
        return (options->resolv = value);
    if ((value = value_of(word, "hosts=")))
        return (options->hosts = value);
    return false;
}

static bool parse_ipv6(struct sockaddr_in6 *to, char *text)
{
    char *scope = strchr(text, '%');
    if (scope) {
        *scope++ = 0;
        if ((to->sin6_scope_id = if_nametoindex(scope)) == 0)
            return false;
    }
    if (inet_pton(AF_INET6, text, &to->sin6_addr) != 1)
        return false;
    /* Without its link such an address cannot be asked; connect() would say EINVAL, which is no answer. */
    return scope || !IN6_IS_ADDR_LINKLOCAL(&to->sin6_addr);
}

bool parse_address(struct endpoint *to, const char *text, uint16_t port)
{
    char copy[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
    size_t size = strlen(text);
    if (size >= sizeof copy)
        return false;
    memcpy(copy, text, size + 1);
    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, copy, &to->at.v4.sin_addr) == 1) {
        to->at.v4.sin_family = AF_INET;
        to->at.v4.sin_port = htons(port);
        to->size = sizeof to->at.v4;
        return true;
    }
    to->at.v6.sin6_family = AF_INET6;
    to->at.v6.sin6_port = htons(port);
    to->size = sizeof to->at.v6;
    return parse_ipv6(&to->at.v6, copy);
}

static bool parse_hex(struct talk *talk, const char *text)
{
    size_t size = strlen(text);
    if (size % 2)
        return false;
    talk->request = malloc(size / 2 + 1);
    if (!talk->request)
        abort();
    for (const char *pair = text; *pair; pair += 2) {
        char digits[] = {pair[0], pair[1], 0}, *end;
        talk->request[talk->request_size++] = (uint8_t)strtoul(digits, &end, 16);
        if (end != digits + 2 || !strchr("0123456789abcdefABCDEF", digits[0]))
            return false;
    }
    return true;
}

static bool parse_limit(struct talk *talk, const char *text)
{
    unsigned long number;
    if (!parse_number(text, LARGEST_RESPONSE, &number) || number == 0)
        return false;
    talk->limit = number;
    return true;
}

/* Every label has 1 to 63 octets; one trailing dot is dropped, as the name is absolute anyway. */
static bool parse_name(struct question *question, const char *text)
{
    size_t size = strlen(text), label = 0;
    if (size > 0 && text[size - 1] == '.')
        size--;
    if (size == 0 || size > NAME_SIZE - 2)
        return false;
    for (size_t i = 0; i <= size; i++) {
        bool ends = i == size || text[i] == '.';
        if (ends && label == 0)
            return false;
        label = ends ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    question->lookup = calloc(1, sizeof *question->lookup);
    if (!question->lookup)
        abort();
    memcpy(question->lookup->name, text, size);
    return true;
}

/* Cut `text` at its next comma and return what follows; NULL when there is none. */
static char *after_comma(char *text)
{
    char *comma = text ? strchr(text, ',') : NULL;
    if (comma)
        *comma++ = 0;
    return comma;
}

static enum kind parse_kind(struct question *question, char *word)
{
    char *address = after_comma(word);
    if (!address)
        return UNASKED;
    if (strcmp(word, "dns") == 0)
        return parse_name(question, address) ? DNS : UNASKED;
    if (strcmp(word, "icmp") == 0)
        return parse_address(&question->to, address, 0) ? ICMP : UNASKED;
    char *port_text = after_comma(address);
    char *limit = after_comma(port_text);
    char *request = after_comma(limit);
    uint16_t port;
    if (!port_text || !parse_port(port_text, &port) || !parse_address(&question->to, address, port))
        return UNASKED;
    if (strcmp(word, "tcp") == 0)
        return limit ? UNASKED : TCP;
    if (strcmp(word, "exchange") != 0 || !request)
        return UNASKED;
    return parse_limit(&question->talk, limit) && parse_hex(&question->talk, request) ? EXCHANGE : UNASKED;
}

void parse_question(struct question *question, const char *word)
{
    *question = (struct question){.slots = {{.fd = -1}, {.fd = -1}}, .reach = NOT_OBSERVED};
    char *copy = strdup(word);
    if (!copy)
        abort();
    question->kind = parse_kind(question, copy);
    free(copy);
}
