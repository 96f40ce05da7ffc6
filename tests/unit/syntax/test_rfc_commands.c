/* SPDX-License-Identifier: MIT
 * The command lines that the RFCs show: read and written back, or refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "syntax/lines.h"

/* A line that is the same when it was parsed and formatted, and the sections that show it. */
typedef struct shown {
    const char *rfc, *line;
} shown;

static const shown hello[] = {
    {"821 3.1 3.6 F, 1652 4, 1845 5, 1854 3, 1870 8, 1891 10.1 10.2 10.3 10.4 10.5, 2033 4.2, 2034 "
     "6, 2197 5, 2821 D.1 D.3 D.4, 2920 4, 3461 10.1 10.2 10.3 10.4 10.5, 5321 D.1 D.3 D.4, 6710 "
     "8, 8689 A.1",
     "DATA"},
    {"821 3.5 F", "HELO USC-ISIF.ARPA"},
    {"821 3.5 F, 1652 4, 1830 5.1 5.2, 1845 5, 1854 3, 1870 8, 1891 10.1 10.2 10.3 10.4 10.5, 1985 "
     "7, 2033 4.2, 2034 6, 2197 5, 2645 6, 2821 D.1 D.2 D.3 D.4, 2920 4, 3030 4.1 4.2, 3461 10.1 "
     "10.2 10.3 10.4 10.5, 5321 D.1 D.2 D.3 D.4, 6710 8, 8689 A.1",
     "QUIT"},
    {"821 F", "HELO ISI-VAXA.ARPA"},
    {"821 F, 1891 10.4, 2821 D.2, 3461 10.4, 5321 D.2", "RSET"},
    {"821 F", "HELO MIT-AI.ARPA"},
    {"821 F", "HELO USC-ISIE.ARPA"},
    {"821 F", "HELO MIT-MC.ARPA"},
    {"821 F", "HELO SU-SCORE.ARPA"},
    {"821 F", "HELO LBL-UNIX.ARPA"},
    {"1425 8, 1652 4, 1830 5.1 5.2, 1845 5, 1869 8, 1870 8, 1985 7, 2034 6, 3030 4.1 4.2",
     "EHLO ymir.claremont.edu"},
    {"1854 3, 2197 5, 2920 4", "HELO dbc.mtview.ca.us"},
    {"1854 3, 2197 5, 2920 4", "EHLO dbc.mtview.ca.us"},
    {"1891 10.1 10.2 10.3 10.4 10.5", "EHLO Pure-Heart.ORG"},
    {"1891 10.4", "HELO Pure-Heart.ORG"},
    {"2033 4.2", "LHLO foo.edu"},
    {"2487 6", "EHLO mail.ietf.org"},
    {"2487 6, 3207 5, 4954 4.1, 8689 A.1", "STARTTLS"},
    {"2554 4", "EHLO jgm.example.com"},
    {"2645 6", "EHLO example.org"},
    {"2645 6", "EHLO EXAMPLE.NET"},
    {"2821 D.1 D.2 D.3 D.4, 5321 D.1 D.2 D.3 D.4", "EHLO bar.com"},
    {"2821 D.3, 5321 D.3", "EHLO foo.com"},
    {"3207 5", "EHLO mail.example.com"},
    {"3461 10.1 10.2 10.3 10.4 10.5", "EHLO Example.ORG"},
    {"3461 10.4", "HELO Example.ORG"},
    {"4468 3.4", "EHLO potter.example.com"},
    {"4954 4.1", "EHLO client.example.com"},
    {"6710 8", "EHLO mua.example.com"},
    {"6710 8", "EHLO example.com"},
    {"7628 4.1 4.4", "EHLO sender.example.com"},
    {"8689 A.1", "EHLO mail.example.org"},
};

static const shown senders[] = {
    {"821 3.1", "MAIL FROM:<Smith@Alpha.ARPA>"},
    {"821 3.6, 1891 10.4, 2821 3.7, 3461 10.4, 5321 3.6.3", "MAIL FROM:<>"},
    {"821 F", "MAIL FROM:<Smith@USC-ISIF.ARPA>"},
    {"821 F", "MAIL FROM:<Smith@ISI-VAXA.ARPA>"},
    {"821 F", "MAIL FROM:<JQP@MIT-AI.ARPA>"},
    {"821 F", "SEND FROM:<EAK@MIT-MC.ARPA>"},
    {"821 F", "MAIL FROM:<EAK@MIT-MC.ARPA>"},
    {"821 F", "SOML FROM:<EAK@MIT-MC.ARPA>"},
    {"821 F", "MAIL FROM:<Account.Person@SU-SCORE.ARPA>"},
    {"821 F", "MAIL FROM:<mo@LBL-UNIX.ARPA>"},
    {"821 F", "MAIL FROM:<Postel@USC-ISIF.ARPA>"},
    {"1652 4, 6152 4", "MAIL FROM:<ned@ymir.claremont.edu> BODY=8BITMIME"},
    {"1830 5.1, 3030 4.1", "MAIL FROM:<Sam@Random.com>"},
    {"1830 5.2, 3030 4.2", "MAIL FROM:<ned@ymir.claremont.edu> BODY=BINARYMIME"},
    {"1845 5", "MAIL FROM:<ned@ymir.claremont.edu> TRANSID=<12345@claremont.edu>"},
    {"1854 3, 2197 5, 2920 4", "MAIL FROM:<mrose@dbc.mtview.ca.us>"},
    {"1870 8", "MAIL FROM:<ned@thor.innosoft.com> SIZE=500000"},
    {"1891 10.1 10.2 10.3 10.5", "MAIL FROM:<Alice@Pure-Heart.ORG> RET=HDRS ENVID=QQ314159"},
    {"1891 10.4", "MAIL FROM:<Alice@Pure-Heart.ORG>"},
    {"2033 4.2", "MAIL FROM:<chris@bar.com>"},
    {"2034 6", "MAIL FROM:<ned@ymir.claremont.edu>"},
    {"2554 5, 4954 5.1", "MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com"},
    {"2821 4.1.1.3, 5321 4.1.1.3", "MAIL FROM:<userx@y.foo.org>"},
    {"2821 D.1 D.2, 5321 D.1 D.2", "MAIL FROM:<Smith@bar.com>"},
    {"2821 D.3, 5321 D.3", "MAIL FROM:<JQP@bar.com>"},
    {"2821 D.4", "SEND FROM:<EAK@bar.com>"},
    {"3461 10.1 10.2 10.3 10.5", "MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159"},
    {"3461 10.4", "MAIL FROM:<Alice@Example.ORG>"},
    {"4468 3.4", "MAIL FROM:<harry@gryffindor.example.com>"},
    {"4954 5.1", "MAIL FROM:<john+@example.org> AUTH=<>"},
    {"5321 D.4", "MAIL FROM:<EAK@bar.com>"},
    {"8689 A.1", "MAIL FROM:<roger@example.org> REQUIRETLS"},
    {"2852", "MAIL FROM:<eljefe@bigbiz.com> BY=120;R"},
};

static const shown recipients[] = {
    {"821 3.1", "RCPT TO:<Jones@Beta.ARPA>"},
    {"821 3.1", "RCPT TO:<Green@Beta.ARPA>"},
    {"821 3.1", "RCPT TO:<Brown@Beta.ARPA>"},
    {"821 3.2", "RCPT TO:<Postel@USC-ISI.ARPA>"},
    {"821 3.2", "RCPT TO:<Paul@USC-ISIB.ARPA>"},
    {"821 F", "RCPT TO:<Jones@BBN-UNIX.ARPA>"},
    {"821 F", "RCPT TO:<Green@BBN-UNIX.ARPA>"},
    {"821 F", "RCPT TO:<Brown@BBN-UNIX.ARPA>"},
    {"821 F", "RCPT TO:<Jones@MIT-Multics.ARPA>"},
    {"821 F", "RCPT TO:<Green@MIT-Multics.ARPA>"},
    {"821 F", "RCPT TO:<Jones@BBN-VAX.ARPA>"},
    {"821 F", "RCPT TO:<Admin.MRC@SU-SCORE.ARPA>"},
    {"821 F", "RCPT TO:<fred@USC-ISIF.ARPA>"},
    {"821 F", "RCPT TO:<Jones@USC-ISI.ARPA>"},
    {"821 F", "RCPT TO:<fabry@BERKELEY.ARPA>"},
    {"821 F", "RCPT TO:<eric@BERKELEY.ARPA>"},
    {"1652 4, 1845 5, 2034 6", "RCPT TO:<mrose@dbc.mtview.ca.us>"},
    {"1830 5.1, 3030 4.1", "RCPT TO:<Susan@Random.com>"},
    {"1830 5.2, 3030 4.2", "RCPT TO:<gvaudre@cnri.reston.va.us>"},
    {"1830 5.2, 3030 4.2", "RCPT TO:<jstewart@cnri.reston.va.us>"},
    {"1854 3, 1870 8, 2197 5, 2920 4", "RCPT TO:<ned@innosoft.com>"},
    {"1854 3, 2197 5, 2920 4", "RCPT TO:<dan@innosoft.com>"},
    {"1854 3, 2197 5, 2920 4", "RCPT TO:<kvc@innosoft.com>"},
    {"1854 3, 2197 5, 2920 4", "RCPT TO:<nsb@thumper.bellcore.com>"},
    {"1854 3, 2197 5, 2920 4", "RCPT TO:<galvin@tis.com>"},
    {"1870 8", "RCPT TO:<ned@ymir.claremont.edu>"},
    {"1870 8", "RCPT TO:<ned@hmcvax.claremont.edu>"},
    {"1891 10.1 10.2", "RCPT TO:<Bob@Big-Bucks.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Big-Bucks.COM"},
    {"1891 10.1 10.3, 3461 10.1 10.3",
     "RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE ORCPT=rfc822;Carol@Ivory.EDU"},
    {"1891 10.1 10.3, 3461 10.1 10.3",
     "RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU"},
    {"1891 10.1, 3461 10.1",
     "RCPT TO:<Eric@Bombs.AF.MIL> NOTIFY=FAILURE ORCPT=rfc822;Eric@Bombs.AF.MIL"},
    {"1891 10.1, 3461 10.1", "RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER"},
    {"1891 10.1, 3461 10.1",
     "RCPT TO:<George@Tax-ME.GOV> NOTIFY=FAILURE ORCPT=rfc822;George@Tax-ME.GOV"},
    {"1891 10.4, 3461 10.4", "RCPT TO:<Eric@Bombs.AF.MIL>"},
    {"1891 10.4, 3461 10.4", "RCPT TO:<Fred@Bombs.AF.MIL>"},
    {"1891 10.5, 3461 10.5",
     "RCPT TO:<Sam@Boondoggle.GOV> NOTIFY=SUCCESS ORCPT=rfc822;George@Tax-ME.GOV"},
    {"1891 10.7, 3461 10.7", "RCPT TO:<Carol@Ivory.EDU> NOTIFY=FAILURE"},
    {"2033 4.2", "RCPT TO:<pat@foo.edu>"},
    {"2033 4.2", "RCPT TO:<jones@foo.edu>"},
    {"2033 4.2", "RCPT TO:<green@foo.edu>"},
    {"2034 6", "RCPT TO:<nosuchuser@dbc.mtview.ca.us>"},
    {"2034 6", "RCPT TO:<remoteuser@isi.edu>"},
    {"2821 4.1.1.3, 5321 4.1.1.3", "RCPT TO:<userc@d.bar.org>"},
    {"1123 5.3.3, 2821 6.1, 5321 6.1", "RCPT TO:<user@d>"},
    {"2821 D.1 D.2, 5321 D.1 D.2", "RCPT TO:<Jones@foo.com>"},
    {"2821 D.1 D.2, 5321 D.1 D.2", "RCPT TO:<Green@foo.com>"},
    {"2821 D.1, 5321 D.1", "RCPT TO:<Brown@foo.com>"},
    {"2821 D.3, 5321 D.3", "RCPT TO:<Jones@XYZ.COM>"},
    {"2821 D.4, 5321 D.4", "RCPT TO:<Admin.MRC@foo.com>"},
    {"3461 10.1 10.2", "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM"},
    {"4468 3.4", "RCPT TO:<ron@gryffindor.example.com>"},
    {"4468 3.4", "RCPT TO:<malfoy@slitherin.example.com>"},
    {"6710 8", "RCPT TO:<topbanana@example.net>"},
    {"6710 8",
     "RCPT TO:<Dana@Ivory.example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.example.net"},
    {"8689 A.1", "RCPT TO:<editor@example.net>"},
    {"1123 5.2.6", "RCPT TO:<joe@GAMMA>"},
    {"2821 4.5.1, 5321 4.5.1", "RCPT TO:<Postmaster>"},
};

static const shown others[] = {
    {"821 3.3", "VRFY Smith"},
    {"821 3.3", "VRFY Jones"},
    {"821 3.3", "VRFY Gourzenkyinplatz"},
    {"821 3.3 F, 2821 3.5.1, 5321 3.5.1", "EXPN Example-People"},
    {"821 3.3, 2821 3.5.1, 5321 3.5.1", "EXPN Executive-Washroom-List"},
    {"821 F, 2821 D.4, 5321 D.4", "VRFY Crispin"},
    {"821 F", "EXPN Interested-Parties"},
    {"1830 5.1", "BDAT 69 LAST"},
    {"1830 5.2, 3030 4.2", "BDAT 100000"},
    {"1830 5.2", "BDAT 324 LAST"},
    {"1985 7", "ETRN uu.net"},
    {"1985 7", "ETRN sigurd.innosoft.com"},
    {"1985 7", "ETRN innosoft.com"},
    {"1985 7", "ETRN mysoft.com"},
    {"1985 7", "ETRN foo.bar"},
    {"2554 4", "AUTH FOOBAR"},
    {"2554 4, 2645 6, 4954 4.1", "AUTH CRAM-MD5"},
    {"2645 6", "ATRN example.org,example.com"},
    {"3030 4.1", "BDAT 86 LAST"},
    {"3030 4.2", "BDAT 324"},
    {"3030 4.2", "BDAT 0 LAST"},
    {"4468 3.4", "AUTH PLAIN aGFycnkAaGFycnkAYWNjaW8="},
    {"4468 3.4", "BURL "
                 "imap://harry@gryffindor.example.com/outbox;uidvalidity=1078863300/"
                 ";uid=25;urlauth=submit+harry:internal:91354a473744909de610943775f92038 LAST"},
    {"4468 3.4", "BURL "
                 "imap://harry@gryffindor.example.com/outbox;uidvalidity=1078863300/"
                 ";uid=25;urlauth=submit+harry:internal:71354a473744909de610943775f92038 LAST"},
    {"4954 4.1", "AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ="},
    {"4954 4.1", "AUTH PLAIN"},
    {"4954 4.1", "AUTH EXTERNAL ="},
    {"6710 8", "AUTH SCRAM-SHA-1"},
    {"7628 4.4", "AUTH OAUTHBEARER "
                 "bix1c2VyPXNvbWV1c2VyQGV4YW1wbGUuY29tLAFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UYzJOdmIzUmxja"
                 "0JoZEhSaGRtbHpkR0V1WTI5dENnPT0BAQ=="},
};

/* Lines that mean the same in another form: without a source route (RFC 5321 C), and with the
 * parameters in the order of their table. */
static const struct {
    const char *rfc, *line, *canonical;
} rewritten[] = {
    {"821 3.6", "RCPT TO:<@HOSTX.ARPA:JOE@HOSTW.ARPA>", "RCPT TO:<JOE@HOSTW.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:Jones@BBN-VAX.ARPA>", "RCPT TO:<Jones@BBN-VAX.ARPA>"},
    {"821 F", "MAIL FROM:<@USC-ISIE.ARPA:JQP@MIT-AI.ARPA>", "MAIL FROM:<JQP@MIT-AI.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:ABC@MIT-MC.ARPA>", "RCPT TO:<ABC@MIT-MC.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:Fonebone@USC-ISIQA.ARPA>",
     "RCPT TO:<Fonebone@USC-ISIQA.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:XYZ@MIT-AI.ARPA>", "RCPT TO:<XYZ@MIT-AI.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA,@USC-ISIF.ARPA:Q-Smith@ISI-VAXA.ARPA>",
     "RCPT TO:<Q-Smith@ISI-VAXA.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:joe@FOO-UNIX.ARPA>", "RCPT TO:<joe@FOO-UNIX.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:xyz@BAR-UNIX.ARPA>", "RCPT TO:<xyz@BAR-UNIX.ARPA>"},
    {"821 F", "RCPT TO:<@USC-ISIE.ARPA:fred@BBN-UNIX.ARPA>", "RCPT TO:<fred@BBN-UNIX.ARPA>"},
    {"2821 4.1.1.3, 5321 4.1.1.3", "RCPT TO:<@hosta.int,@jkl.org:userc@d.bar.org>",
     "RCPT TO:<userc@d.bar.org>"},
    {"2821 4.1.1.3, 5321 4.1.1.3", "RCPT TO:<@jkl.org:userc@d.bar.org>",
     "RCPT TO:<userc@d.bar.org>"},
    {"1123 5.3.3, 2821 6.1, 5321 6.1", "MAIL FROM:<@a,@b:user@d>", "MAIL FROM:<user@d>"},
    {"2821 D.3", "RCPT TO:<@foo.com:Jones@XYZ.COM>", "RCPT TO:<Jones@XYZ.COM>"},
    {"2821 D.3", "MAIL FROM:<@foo.com:JQP@bar.com>", "MAIL FROM:<JQP@bar.com>"},
    {"6710 8", "MAIL FROM:<eljefe@example.com> BY=125;R ENVID=QQ314159 MT-PRIORITY=3",
     "MAIL FROM:<eljefe@example.com> ENVID=QQ314159 MT-PRIORITY=3 BY=125;R"},
    {"6710 8", "MAIL FROM:<eljefe@example.com> BY=125;R ENVID=QQ314159",
     "MAIL FROM:<eljefe@example.com> ENVID=QQ314159 BY=125;R"},
    {"6710 8", "MAIL FROM:<eljefe@example.com> BY=120;R ENVID=QQ314159 MT-PRIORITY=3",
     "MAIL FROM:<eljefe@example.com> ENVID=QQ314159 MT-PRIORITY=3 BY=120;R"},
    {"1123 5.2.6", "RCPT TO:<@ALPHA,@BETA:joe@GAMMA>", "RCPT TO:<joe@GAMMA>"},
};

/* Lines that are wrong: meant to be so, out of another protocol by mistake, or with a space that
 * the grammar has not. `tolerated` is what the last come to with SMTP_TOLERATE_SPACE_AFTER_COLON.
 */
static const struct {
    const char *rfc, *line;
    int error;
    size_t offset;
    const char *tolerated;
} refused[] = {
    {"1985 7", "ETRN", SMTP_ERR_ARGUMENT_MISSING, 4, NULL},
    {"1985 7", "ETRN localname", SMTP_ERR_DOMAIN_EMPTY, 14, NULL},
    {"2505 2.10", "MAIL From: <fo0bar@domain.example>", SMTP_ERR_FROM_OR_TO, 10,
     "MAIL FROM:<fo0bar@domain.example>"},
    {"2505 2.10", "MAIL From: <I.am.unknown.to.you.he.he@domain.example>", SMTP_ERR_FROM_OR_TO, 10,
     "MAIL FROM:<I.am.unknown.to.you.he.he@domain.example>"},
    {"2505 3.2", "MAIL From: <usr@spam.example>", SMTP_ERR_FROM_OR_TO, 10,
     "MAIL FROM:<usr@spam.example>"},
    {"2505 3.2", "RCPT To: <usr@domain.example>", SMTP_ERR_FROM_OR_TO, 8,
     "RCPT TO:<usr@domain.example>"},
    {"2505 3.2", "RCPT To: <foo@domain.example>", SMTP_ERR_FROM_OR_TO, 8,
     "RCPT TO:<foo@domain.example>"},
    {"2505 3.2", "RCPT To: <bar@domain.example>", SMTP_ERR_FROM_OR_TO, 8,
     "RCPT TO:<bar@domain.example>"},
    {"2645 6", "MAIL FROM: <Lester.Tester@dot.foo.bar>", SMTP_ERR_FROM_OR_TO, 10,
     "MAIL FROM:<Lester.Tester@dot.foo.bar>"},
    {"2645 6", "RCPT TO: <l.eva.msg@example.com>", SMTP_ERR_FROM_OR_TO, 8,
     "RCPT TO:<l.eva.msg@example.com>"},
    {"7628 4.1",
     "t1 AUTH OAUTHBEARER "
     "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGO"
     "WRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB",
     SMTP_ERR_VERB, 0, NULL},
    {"2505 2.6", "MAIL From: <>", SMTP_ERR_FROM_OR_TO, 10, "MAIL FROM:<>"},
    {"2505 2.6.2", "MAIL From: <user@my.local.dom.ain>", SMTP_ERR_FROM_OR_TO, 10,
     "MAIL FROM:<user@my.local.dom.ain>"},
};

/* Parses a copy of the line's size and formats what came of it. */
static void check(const char *rfc, const char *line, const smtp_syntax *syntax,
                  const char *canonical)
{
    smtp_str copy = octets_copy(smtp_text(line));
    smtp_command command;
    size_t offset = 0;
    int error = smtp_command_parse(&command, copy, syntax, &offset);
    if (error != 0) {
        fail_msg("RFC %s: '%s': %s at %zu", rfc, line, smtp_error_name(error), offset);
    }
    assert_formatted(&command, NULL, 0, canonical);
    octets_free(copy);
}

static void check_shown(const shown *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check(rows[i].rfc, rows[i].line, NULL, rows[i].line);
    }
}

/* Shows: R5321-4.1.1.1-6 R2033-4.1-1 R3207-2-1 */
static void test_hello(void **state)
{
    (void)state;
    check_shown(hello, ROWS(hello));
}

/* Shows: R5321-2.4-4 R5321-4.1.1.2-2 R4954-5-1 R8689-2-1 */
static void test_senders(void **state)
{
    (void)state;
    check_shown(senders, ROWS(senders));
}

/* Shows: R5321-2.4-4 R3461-4.1-1 R3461-4.2-1 */
static void test_recipients(void **state)
{
    (void)state;
    check_shown(recipients, ROWS(recipients));
}

/* Shows: R1985-5-1 R2645-5.2.1-3 R3030-2-2 R3030-2-7 R4468-3-3 R4954-4-1 R4954-4-10 */
static void test_others(void **state)
{
    (void)state;
    check_shown(others, ROWS(others));
}

/* Shows: R5321-4.1.1.3-1 R5321-4.1.1.3-2 R5321-4.1.1.3-3 R5321-4.1.2-2 R5321-4.1.2-3 */
static void test_rewritten(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(rewritten); i++) {
        check(rewritten[i].rfc, rewritten[i].line, NULL, rewritten[i].canonical);
        check(rewritten[i].rfc, rewritten[i].canonical, NULL, rewritten[i].canonical);
    }
}

/* Shows: R1985-5-3 R1985-5.1-4 */
static void test_refused(void **state)
{
    smtp_syntax tolerant = syntax_of(0, SMTP_TOLERATE_SPACE_AFTER_COLON);
    (void)state;
    for (size_t i = 0; i < ROWS(refused); i++) {
        smtp_str line = smtp_text(refused[i].line);
        line_verdict verdict = {line, refused[i].error, refused[i].offset};
        lines_check(&verdict, 1, NULL);
        if (refused[i].tolerated != NULL) {
            check(refused[i].rfc, refused[i].line, &tolerant, refused[i].tolerated);
        } else {
            assert_int_equal(line_error(line, &tolerant, NULL), refused[i].error);
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hello),      cmocka_unit_test(test_senders),
        cmocka_unit_test(test_recipients), cmocka_unit_test(test_others),
        cmocka_unit_test(test_rewritten),  cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("syntax/rfc_commands", tests, NULL, NULL);
}
