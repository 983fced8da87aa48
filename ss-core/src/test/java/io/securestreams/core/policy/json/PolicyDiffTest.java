package io.securestreams.core.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.securestreams.core.policy.PolicyDatabase;
import io.securestreams.core.policy.SwapEffect;
import io.securestreams.core.policy.json.PolicyDiff.Change;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What differs between two policies, and what that would do. */
class PolicyDiffTest {

  private static final String CLIENT =
      "'endpoint':'h','port':80,'protocol':'ws','http_url':'a','retry':'r'";
  private static final String SERVER =
      "'server':true,'port':80,'protocol':'h1','metadata':[{'method':'','path':''}]";

  private static final String UPLOAD =
      "'s':[{'a':{@,'http_url':'a','http_multipart_name':'1st','rideshare':'b'},"
              .replace("@", "'endpoint':'h','port':80,'protocol':'h1','http_method':'POST'")
          + "'b':{'protocol':'h1','rideshare':'c','http_multipart_name':'2nd'},"
          + "'c':{'endpoint':'h','port':80,'protocol':'h1','http_method':'POST',"
          + "'http_url':'c','http_multipart_name':'3rd',"
          + "'http_multipart_filename':'f'}}]";

  @Test
  void equalPoliciesDoNotDiffer() {
    PolicyDiff diff = PolicyDiff.between(policy(CLIENT), policy(CLIENT));
    assertThat(diff.changes()).isEmpty();
    assertThat(diff.isDisturbing()).isFalse();
  }

  @ParameterizedTest(name = "{0} in place of {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'port':80           | 'port':81                  | MOVED   | port: 80 -> 81
          'http_url':'a'      | 'http_url':'b'             | MOVED   | http_url: "a" -> "b"
          'http_url':'a'      | 'http_url':'a','tls':true  | MOVED   | tls: (not set) -> true
          'retry':'r'         | 'retry':'s'                | MOVED   | retry: "r" -> "s"
          'retry':'r'         | 'timeout_ms':5             | MOVED   | retry: "r" -> (not set)
          'endpoint':'h'      | 'endpoint':'!h'            | ENDED   | endpoint: "h" -> "!h"
          """)
  void clientThatChanges(String was, String is, SwapEffect effect, String reason) {
    Change change = only(policy(CLIENT), policy(CLIENT.replace(was.strip(), is.strip())));

    assertThat(change.streamType()).isEqualTo("x");
    assertThat(change.effect()).isEqualTo(effect);
    assertThat(change.reasons()).extracting(Object::toString).contains(reason);
  }

  @ParameterizedTest(name = "{0} in place of {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'port':80        | 'port':81                       | REBOUND | port
          'port':80        | 'port':80,'endpoint':'127.0.0.1'| REBOUND | endpoint
          'protocol':'h1'  | 'protocol':'ws'                 | RENEWED | protocol
          'path':''        | 'path':'','q':''                | RENEWED | metadata
          """)
  void serverThatChanges(String was, String is, SwapEffect effect, String key) {
    Change change = only(policy(SERVER), policy(SERVER.replace(was.strip(), is.strip())));
    assertThat(change.effect()).isEqualTo(effect);
    assertThat(change.reasons()).singleElement().satisfies(r -> assertThat(r.key()).isEqualTo(key));
    assertThat(change.effect().isDisturbing()).isEqualTo(effect == SwapEffect.REBOUND);
  }

  @Test
  void tlsOfAServerThatComesAndACertificateThatIsRenewed() {
    PolicyDatabase plain = policy(SERVER);
    PolicyDatabase secured = secured("server_cert");
    PolicyDatabase renewed = secured("other_name_of_it");

    assertThat(only(plain, secured).effect()).isEqualTo(SwapEffect.SECURED);
    assertThat(only(secured, plain).effect()).isEqualTo(SwapEffect.SECURED);
    assertThat(only(secured, renewed).effect()).isEqualTo(SwapEffect.RENEWED);
    assertThat(only(secured, renewed).reasons())
        .extracting(Object::toString)
        .containsExactly("server_cert: \"server_cert\" -> \"other_name_of_it\"");
  }

  @Test
  void serverThatGoesOverToUdpAndBack() {
    PolicyDatabase tcp = secured("server_cert");
    PolicyDatabase udp = secured("server_cert", SERVER.replace("h1", "h3"));

    assertThat(only(tcp, udp).effect()).isEqualTo(SwapEffect.REBOUND);
    assertThat(only(udp, tcp).effect()).isEqualTo(SwapEffect.REBOUND);
    assertThat(only(tcp, secured("server_cert", SERVER.replace("h1", "h2"))).effect())
        .isEqualTo(SwapEffect.RENEWED);
  }

  @Test
  void clientsThatAreAskedForCertificatesFromNowOn() {
    PolicyDatabase open = mutual("");
    PolicyDatabase asked = mutual(",'client_trust_store':'t'");

    assertThat(only(open, asked).effect()).isEqualTo(SwapEffect.SECURED);
    assertThat(only(asked, open).effect()).isEqualTo(SwapEffect.SECURED);
    assertThat(only(asked, mutual(",'client_trust_store':'u'")).effect())
        .isEqualTo(SwapEffect.RENEWED);
  }

  @Test
  void definitionBehindANameThatChanges() {
    PolicyDatabase before = policy(CLIENT);
    PolicyDatabase after = parse("'retry':[{'r':{'conceal':7}}],'s':[{'x':{" + CLIENT + "}}]");
    assertThat(only(before, after).reasons())
        .extracting(Object::toString)
        .containsExactly("retry: the definition of \"r\" changed");
  }

  @ParameterizedTest(name = "{0} in place of {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'http_multipart_name':'2nd'      | 'http_multipart_name':'zwei'           | b
          'http_multipart_name':'3rd'      | 'http_multipart_name':'drei'           | c
          'http_multipart_filename':'f'    | 'http_mime_content_type':'text/plain'  | c
          """)
  void partThatRidesWithTheRequestChanges(String was, String is, String culprit) {
    PolicyDatabase before = parse(UPLOAD);

    PolicyDiff diff = PolicyDiff.between(before, parse(UPLOAD.replace(was.strip(), is.strip())));

    assertThat(diff.changes()).extracting(Change::streamType).contains("a", culprit);
    Change change = diff.changes().get(0);
    assertThat(change.effect()).isEqualTo(SwapEffect.MOVED);
    assertThat(change.reasons())
        .extracting(Object::toString)
        .containsExactly("rideshare: the definition of \"" + culprit + "\" changed");
    assertThat(diff.isDisturbing()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'http_url':'d'
          'http_url':'c','http_multipart_ss_in':true
          """)
  void partThatRidesChangesInWhatDoesNotConcernTheRequest(String is) {
    PolicyDatabase after = parse(UPLOAD.replace("'http_url':'c'", is.strip()));

    assertThat(only(parse(UPLOAD), after).streamType()).isEqualTo("c");
  }

  @Test
  void fewerPartsRide() {
    PolicyDatabase after = parse(UPLOAD.replace("'rideshare':'c',", ""));

    PolicyDiff diff = PolicyDiff.between(parse(UPLOAD), after);

    assertThat(diff.changes().get(0).reasons())
        .extracting(Object::toString)
        .containsExactly("rideshare: the definition of \"b\" changed");
  }

  @Test
  void newAndRemovedStreamTypes() {
    PolicyDatabase before = parse("'s':[{'old':{" + SERVER + "}}]");
    PolicyDatabase after = parse("'s':[{'new':{" + SERVER + "}}]");

    PolicyDiff diff = PolicyDiff.between(before, after);

    assertThat(diff.changes())
        .containsExactly(
            new Change("old", SwapEffect.ENDED, List.of()),
            new Change("new", SwapEffect.ADDED, List.of()));
    assertThat(diff.isDisturbing()).isTrue();
    assertThat(PolicyDiff.between(parse("'s':[]"), after).isDisturbing()).isFalse();
  }

  @Test
  void clientThatBecomesAServerEnds() {
    assertThat(only(policy(CLIENT), policy(SERVER)).effect()).isEqualTo(SwapEffect.ENDED);
  }

  @Test
  void inheritedProxyIsAReasonAndItsPasswordIsNotShown() {
    String types = "'s':[{'x':{" + CLIENT.replace(",'retry':'r'", "") + "}}]";
    PolicyDatabase before = parse("'via-socks5':'u:old-secret@p:1080'," + types);
    PolicyDatabase after = parse("'via-socks5':'u:new-secret@p:1080'," + types);
    PolicyDatabase moved = parse("'via-socks5':'u:new-secret@q:1080'," + types);

    // This version opens no stream through a proxy, so what becomes of streams is not asked here.
    assertThat(PolicyDiff.between(before, after).changes().get(0).reasons())
        .extracting(Object::toString)
        .containsExactly("via-socks5: other credentials for p:1080");
    assertThat(PolicyDiff.between(before, moved).toString())
        .contains("p:1080 -> q:1080")
        .doesNotContain("secret");
  }

  @Test
  void nothingOnEitherSideIsNoEffect() {
    assertThat(SwapEffect.of(Optional.empty(), Optional.empty())).isEqualTo(SwapEffect.NONE);
  }

  private static Change only(PolicyDatabase before, PolicyDatabase after) {
    PolicyDiff diff = PolicyDiff.between(before, after);
    assertThat(diff.changes()).hasSize(1);
    return diff.changes().get(0);
  }

  private static PolicyDatabase mutual(String more) {
    return parse(
        "'certs':[{'c':'%s'},{'k':'%s'}],'trust_stores':[{'name':'t','stack':['c']},{'name':'u','stack':['c']}],'s':[{'x':{%s,'tls':true,'server_cert':'c','server_key':'k'%s}}]"
            .formatted(Certificates.SERVER, Certificates.SERVER_KEY, SERVER, more));
  }

  private static PolicyDatabase secured(String certificate) {
    return secured(certificate, SERVER);
  }

  private static PolicyDatabase secured(String certificate, String server) {
    return parse(
        "'certs':[{'%1$s':'%2$s'},{'key':'%3$s'}],'s':[{'x':{%4$s,'tls':true,'server_cert':'%1$s','server_key':'key'}}]"
            .formatted(certificate, Certificates.SERVER, Certificates.SERVER_KEY, server));
  }

  private static PolicyDatabase policy(String members) {
    return parse("'retry':[{'r':{'conceal':1}},{'s':{'conceal':2}}],'s':[{'x':{" + members + "}}]");
  }

  private static PolicyDatabase parse(String members) {
    return PolicyParser.lenient().parse(("{" + members + "}").replace('\'', '"'), "t").orThrow();
  }
}
