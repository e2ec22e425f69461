package io.github.eventfork.testkit;

import static io.github.eventfork.filter.FilterPolicy.Scope.MESSAGE_ATTRIBUTES;
import static io.github.eventfork.filter.FilterPolicy.Scope.MESSAGE_BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.eventfork.filter.FilterPolicy.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is known of SNS's filter policies, a row a fact: from the SNS developer guide, and from answers of SNS that other
 * projects recorded. Where both are silent, the row says what AWS's matcher does.
 */
class FilterPolicyRowsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            exact string                                    | {"k":["a","b"]}                                 | {"k":"b"}                    | true
            exact string, another                           | {"k":["a","b"]}                                 | {"k":"c"}                    | false
            exact string is case-sensitive                  | {"k":["a"]}                                     | {"k":"A"}                    | false
            exact string beyond the BMP                     | {"k":["é😀"]}                                   | {"k":"é😀"}                  | true
            exact string that is an address, by its value   | {"k":["10.0.0.1"]}                              | {"k":"010.0.0.1"}            | true
            exact number                                    | {"k":[100]}                                     | {"k":100.0}                  | true
            exact number with an exponent                   | {"k":[100]}                                     | {"k":1e2}                    | true
            exact number, zero has no sign                  | {"k":[0]}                                       | {"k":-0.0}                   | true
            exact number is no string                       | {"k":[100]}                                     | {"k":"100"}                  | false
            exact string is no number                       | {"k":["100"]}                                   | {"k":100}                    | false
            true                                            | {"k":[true]}                                    | {"k":true}                   | true
            true is no string                               | {"k":[true]}                                    | {"k":"true"}                 | false
            false                                           | {"k":[false]}                                   | {"k":false}                  | true
            false is not true                               | {"k":[false]}                                   | {"k":true}                   | false
            null that is written out                        | {"k":[null]}                                    | {"k":null}                   | true
            null in an array                                | {"k":[null]}                                    | {"k":[1,null]}               | true
            null is not what is absent                      | {"k":[null]}                                    | {}                           | false
            null is no string                               | {"k":[null]}                                    | {"k":"null"}                 | false
            keys are joined by and                          | {"k":["a"],"l":["b"]}                           | {"k":"a","l":"b"}            | true
            keys are joined by and, one fails               | {"k":["a"],"l":["b"]}                           | {"k":"a","l":"c"}            | false
            keys are joined by and, one is absent           | {"k":["a"],"l":["b"]}                           | {"k":"a"}                    | false
            values are joined by or                         | {"k":["a",{"prefix":"b"}]}                      | {"k":"bc"}                   | true
            other keys of the event do not matter           | {"k":["a"]}                                     | {"k":"a","z":"y"}            | true
            $or takes its first group                       | {"$or":[{"k":["a"]},{"l":["b"]}]}               | {"k":"a"}                    | true
            $or takes its second group                      | {"$or":[{"k":["a"]},{"l":["b"]}]}               | {"l":"b"}                    | true
            $or takes nothing else                          | {"$or":[{"k":["a"]},{"l":["b"]}]}               | {"k":"b","l":"a"}            | false
            $or and a key beside it                         | {"s":["x"],"$or":[{"k":["a"]},{"l":["b"]}]}     | {"s":"x","l":"b"}            | true
            $or and a key beside it that fails              | {"s":["x"],"$or":[{"k":["a"]},{"l":["b"]}]}     | {"s":"y","l":"b"}            | false
            $or of groups of several keys                   | {"$or":[{"k":["a"],"l":["b"]},{"m":["c"]}]}     | {"k":"a","l":"b"}            | true
            $or of groups of several keys, half a group     | {"$or":[{"k":["a"],"l":["b"]},{"m":["c"]}]}     | {"k":"a"}                    | false
            $or in a group                                  | {"$or":[{"k":[1],"$or":[{"l":[2]},{"m":[3]}]},{"n":[4]}]} | {"k":1,"m":3}      | true
            $or in a group that fails                       | {"$or":[{"k":[1],"$or":[{"l":[2]},{"m":[3]}]},{"n":[4]}]} | {"k":1}            | false
            $or of strings is a key like any other          | {"$or":["a","b"]}                               | {"$or":"a"}                  | true
            $or of operators is a key like any other        | {"$or":[{"prefix":"a"},{"suffix":"b"}]}         | {"$or":"ax"}                 | true
            prefix                                          | {"k":[{"prefix":"use"}]}                        | {"k":"user"}                 | true
            prefix, elsewhere                               | {"k":[{"prefix":"use"}]}                        | {"k":"abuse"}                | false
            prefix of no number                             | {"k":[{"prefix":"1"}]}                          | {"k":12}                     | false
            suffix                                          | {"k":[{"suffix":".png"}]}                       | {"k":"a.png"}                | true
            suffix, elsewhere                               | {"k":[{"suffix":".png"}]}                       | {"k":"a.png.zip"}            | false
            equals-ignore-case                              | {"k":[{"equals-ignore-case":"Ada"}]}            | {"k":"aDA"}                  | true
            equals-ignore-case, of other letters            | {"k":[{"equals-ignore-case":"Éa"}]}             | {"k":"éA"}                   | true
            equals-ignore-case, not beyond the BMP          | {"k":[{"equals-ignore-case":"😀"}]}             | {"k":"😀"}                   | false
            equals-ignore-case, longer                      | {"k":[{"equals-ignore-case":"Ada"}]}            | {"k":"Adam"}                 | false
            numeric =                                       | {"k":[{"numeric":["=",3.5]}]}                   | {"k":3.50}                   | true
            numeric = of no string                          | {"k":[{"numeric":["=",3.5]}]}                   | {"k":"3.5"}                  | false
            numeric <                                       | {"k":[{"numeric":["<",5]}]}                     | {"k":4.99999}                | true
            numeric <, the bound                            | {"k":[{"numeric":["<",5]}]}                     | {"k":5}                      | false
            numeric <=                                      | {"k":[{"numeric":["<=",5]}]}                    | {"k":5}                      | true
            numeric <=, beyond                              | {"k":[{"numeric":["<=",5]}]}                    | {"k":5.00001}                | false
            numeric >                                       | {"k":[{"numeric":[">",5]}]}                     | {"k":5.00001}                | true
            numeric >, the bound                            | {"k":[{"numeric":[">",5]}]}                     | {"k":5}                      | false
            numeric >=                                      | {"k":[{"numeric":[">=",5]}]}                    | {"k":5}                      | true
            numeric >=, below                               | {"k":[{"numeric":[">=",5]}]}                    | {"k":4.99999}                | false
            numeric range, its end                          | {"k":[{"numeric":[">",0,"<=",10]}]}             | {"k":10}                     | true
            numeric range, its beginning                    | {"k":[{"numeric":[">",0,"<=",10]}]}             | {"k":0}                      | false
            numeric range, beyond                           | {"k":[{"numeric":[">",0,"<=",10]}]}             | {"k":11}                     | false
            numeric range of negative numbers               | {"k":[{"numeric":[">=",-10,"<",-5]}]}           | {"k":-10}                    | true
            numeric, at the limit of numbers                | {"k":[{"numeric":["<=",1000000000]}]}           | {"k":1000000000}             | true
            numeric, more than five decimals are told apart | {"k":[1.000001]}                                | {"k":1.0000011}              | false
            exists                                          | {"k":[{"exists":true}]}                         | {"k":"x"}                    | true
            exists, an empty string                         | {"k":[{"exists":true}]}                         | {"k":""}                     | true
            exists, null                                    | {"k":[{"exists":true}]}                         | {"k":null}                   | true
            exists, an empty array                          | {"k":[{"exists":true}]}                         | {"k":[]}                     | false
            exists, absent                                  | {"k":[{"exists":true}]}                         | {"l":"x"}                    | false
            exists false                                    | {"k":[{"exists":false}]}                        | {"l":"x"}                    | true
            exists false, an empty array                    | {"k":[{"exists":false}]}                        | {"k":[]}                     | true
            exists false, present                           | {"k":[{"exists":false}]}                        | {"k":"x"}                    | false
            exists false or a value, absent                 | {"k":["x",{"exists":false}]}                    | {}                           | true
            exists false or a value, another                | {"k":["x",{"exists":false}]}                    | {"k":"y"}                    | false
            cidr of IPv4                                    | {"k":[{"cidr":"10.0.0.0/24"}]}                  | {"k":"10.0.0.255"}           | true
            cidr of IPv4, the next block                    | {"k":[{"cidr":"10.0.0.0/24"}]}                  | {"k":"10.0.1.0"}             | false
            cidr of IPv6                                    | {"k":[{"cidr":"2001:db8::/32"}]}                | {"k":"2001:0DB8:0::1"}       | true
            cidr of IPv6, another block                     | {"k":[{"cidr":"2001:db8::/32"}]}                | {"k":"2001:db9::1"}          | false
            cidr of what is no address                      | {"k":[{"cidr":"10.0.0.0/8"}]}                   | {"k":"10.0.0.999"}           | false
            cidr of IPv4 takes IPv6 addresses that begin so | {"k":[{"cidr":"32.1.13.0/24"}]}                 | {"k":"2001:db8::5"}          | true
            anything-but a string                           | {"k":[{"anything-but":"a"}]}                    | {"k":"b"}                    | true
            anything-but a string, that one                 | {"k":[{"anything-but":"a"}]}                    | {"k":"a"}                    | false
            anything-but, absent                            | {"k":[{"anything-but":"a"}]}                    | {}                           | false
            anything-but or absent                          | {"k":[{"anything-but":"a"},{"exists":false}]}   | {}                           | true
            anything-but, null                              | {"k":[{"anything-but":"a"}]}                    | {"k":null}                   | true
            anything-but, an empty array                    | {"k":[{"anything-but":"a"}]}                    | {"k":[]}                     | false
            anything-but, another type                      | {"k":[{"anything-but":"1"}]}                    | {"k":1}                      | true
            anything-but strings                            | {"k":[{"anything-but":["a","b"]}]}              | {"k":"b"}                    | false
            anything-but a number                           | {"k":[{"anything-but":1}]}                      | {"k":1.0}                    | false
            anything-but numbers                            | {"k":[{"anything-but":[1,2]}]}                  | {"k":3}                      | true
            anything-but numbers, one of them               | {"k":[{"anything-but":[1,2]}]}                  | {"k":2}                      | false
            anything-but numbers, a string                  | {"k":[{"anything-but":[1,2]}]}                  | {"k":"1"}                    | true
            anything-but a prefix                           | {"k":[{"anything-but":{"prefix":"or"}}]}        | {"k":"user"}                 | true
            anything-but a prefix, with it                  | {"k":[{"anything-but":{"prefix":"or"}}]}        | {"k":"order"}                | false
            an element of an array is enough                | {"k":["a"]}                                     | {"k":["b","a"]}              | true
            no element of an array                          | {"k":["a"]}                                     | {"k":["b","c"]}              | false
            an element of an array by prefix                | {"k":[{"prefix":"us"}]}                         | {"k":["b","user"]}           | true
            anything-but takes an array with another value  | {"k":[{"anything-but":["rugby"]}]}              | {"k":["rugby","baseball"]}   | true
            anything-but, an array of that value only       | {"k":[{"anything-but":["rugby"]}]}              | {"k":["rugby"]}              | false
            of a key that is given twice the last counts    | {"k":["a"],"k":["b"]}                           | {"k":"a"}                    | false
            """)
    void operator_row(String fact, String policy, String event, boolean taken) {
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES).takes(event, "ignored"))
                .isEqualTo(taken);
        // the same object as a body is judged the same
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes("{}", event)).isEqualTo(taken);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nested keys                                     | {"user":{"plan":["pro"]}}                | {"user":{"plan":"pro"}}                  | true
            nested keys, another value                      | {"user":{"plan":["pro"]}}                | {"user":{"plan":"free"}}                 | false
            nested keys, elsewhere                          | {"user":{"plan":["pro"]}}                | {"plan":"pro"}                           | false
            a key with a dot is a path                      | {"user.plan":["pro"]}                    | {"user":{"plan":"pro"}}                  | true
            a path is a key with a dot                      | {"user":{"plan":["pro"]}}                | {"user.plan":"pro"}                      | true
            a key with a dot is itself                      | {"user.plan":["pro"]}                    | {"user.plan":"pro"}                      | true
            dots at any depth                               | {"a":{"b.c":[1]}}                        | {"a.b":{"c":1}}                          | true
            array of objects, one element has all           | {"a":{"b":[1],"c":[2]}}                  | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}      | true
            array of objects, two elements have it          | {"a":{"b":[1],"c":[4]}}                  | {"a":[{"b":1,"c":2},{"b":3,"c":4}]}      | false
            array of arrays of objects                      | {"a":{"b":[1],"c":[2]}}                  | {"a":[[{"b":1,"c":2}]]}                  | true
            arrays within the element                       | {"a":{"b":[1],"c":[2]}}                  | {"a":[{"b":[5,1],"c":[2,6]}]}            | true
            $or within an object                            | {"x":{"$or":[{"a":[1]},{"b":[2]}],"c":[5]}} | {"x":{"b":2,"c":5}}                   | true
            $or within an object, the key beside it fails   | {"x":{"$or":[{"a":[1]},{"b":[2]}],"c":[5]}} | {"x":{"b":2}}                         | false
            $or at two depths                               | {"$or":[{"a":[1]},{"b":[2]}],"x":{"$or":[{"a":[1]},{"b":[2]}]}} | {"a":1,"x":{"b":2}} | true
            exists looks at leaves                          | {"a":[{"exists":true}]}                  | {"a":{"b":1}}                            | false
            exists false looks at leaves                    | {"a":[{"exists":false}]}                 | {"a":{"b":1}}                            | true
            quotation marks and backslashes as they are     | {"k":["a\\"b\\\\c"]}                     | {"k":"a\\"b\\\\c"}                       | true
            no object: an array                             | {"k":["a"]}                              | [{"k":"a"}]                              | false
            no object: a string                             | {"k":["a"]}                              | "a"                                      | false
            no JSON                                         | {"k":["a"]}                              | k=a                                      | false
            no JSON: an object and more                     | {"k":["a"]}                              | {"k":"a"} {"k":"a"}                      | false
            no JSON: cut off                                | {"k":["a"]}                              | {"k":"a"                                 | false
            no JSON, and nothing need be there              | {"k":[{"exists":false}]}                 | k=a                                      | false
            """)
    void body_row(String fact, String policy, String body, boolean taken) {
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes("{}", body)).isEqualTo(taken);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            String is quoted                       | {"k":["100"]}                             | String       | 100            | true
            String is no number                    | {"k":[100]}                               | String       | 100            | false
            Number is bare                         | {"k":[100]}                               | Number       | 1e2            | true
            Number is no string                    | {"k":["100"]}                             | Number       | 100            | false
            Number with a label                    | {"k":[{"numeric":[">",6]}]}               | Number.int   | 7              | true
            String with a label                    | {"k":["a"]}                               | String.name  | a              | true
            String.Array, by element               | {"k":["b"]}                               | String.Array | ["a","b"]      | true
            String.Array of numbers                | {"k":[2]}                                 | String.Array | [1,2]          | true
            String.Array of truth values           | {"k":[true]}                              | String.Array | [false,true]   | true
            String.Array with null                 | {"k":[null]}                              | String.Array | ["a",null]     | true
            String.Array that is empty is absent   | {"k":[{"exists":false}]}                  | String.Array | []             | true
            String that looks like an array        | {"k":["a"]}                               | String       | ["a"]          | false
            Binary is left out                     | {"k":[{"exists":false}]}                  | Binary       | AgME           | true
            Binary is not compared                 | {"k":["AgME"]}                            | Binary       | AgME           | false
            a quotation mark escaped once          | {"k":["a\\"b"]}                           | String       | a"b            | false
            a quotation mark escaped twice         | {"k":["a\\\\\\"b"]}                       | String       | a"b            | true
            a backslash escaped once               | {"k":["a\\\\b"]}                          | String       | a\\b           | false
            a backslash escaped twice              | {"k":["a\\\\\\\\b"]}                      | String       | a\\b           | true
            escaped twice in an array              | {"k":["a\\\\\\"b"]}                       | String.Array | ["a\\"b"]      | true
            """)
    void feeding_row(String fact, String policy, String dataType, String value, boolean taken) {
        String attributes =
                SnsFilterPolicy.attributes().with("k", dataType, value).json();

        assertThat(SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES).takes(attributes, "{\"k\":\"ignored\"}"))
                .isEqualTo(taken);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            empty array                              | {"key":[]}                                       | 10 | Empty arrays are not allowed
            value that is no array                   | {"key_a":"value_one"}                            | 11 | "key_a" must be an object or an array
            operator outside an array                | {"key":{"suffix":"value"}}                       | 19 | "suffix" must be an object or an array
            two operators outside an array           | {"key":{"suffix":"value","prefix":"value"}}      | 19 | "suffix" must be an object or an array
            no operator outside an array             | {"key":{"not-an-operator":"value"}}              | 28 | "not-an-operator" must be an object or an array
            array in an array                        | {"key":[["value"]]}                              | 10 | Match value must be String, number, true, false, or null
            unknown operator                         | {"key":[{"wrong-operator":true}]}                | 31 | Unrecognized match type wrong-operator
            two operators                            | {"key":[{"suffix":"value","prefix":"value2"}]}   | 37 | Only one key allowed in match expression
            suffix of a number                       | {"key":[{"suffix":100}]}                         | 22 | suffix match pattern must be a string
            suffix of null                           | {"key":[{"suffix":null}]}                        | 23 | suffix match pattern must be a string
            suffix of an empty array                 | {"key":[{"suffix":[]}]}                          | 20 | suffix match pattern must be a string
            suffix of an array                       | {"key":[{"suffix":["test","test2"]}]}            | 20 | suffix match pattern must be a string
            prefix of a number                       | {"key":[{"prefix":100}]}                         | 22 | prefix match pattern must be a string
            cidr of an array                         | {"key":[{"cidr":["bad-filter"]}]}                | 18 | prefix match pattern must be a string
            cidr without a slash                     | {"key":[{"cidr":"bad-filter"}]}                  |    | Malformed CIDR, one '/' required
            cidr of no address                       | {"key":[{"cidr":"bad-filter/64"}]}               |    | Nonstandard IP address: bad-filter
            cidr with bits that are no number        | {"key":[{"cidr":"bad-/64filter"}]}               |    | Malformed CIDR, mask bits must be an integer
            cidr of no IPv4 address                  | {"key":[{"cidr":"xx.11.xx/8"}]}                  |    | Nonstandard IP address: xx.11.xx
            cidr of no IPv6 address                  | {"key":[{"cidr":"xxxx:db8:1234:1a00::/64"}]}     |    | Nonstandard IP address: xxxx:db8:1234:1a00::
            numeric of nothing                       | {"key":[{"numeric":[]}]}                         | 22 | Invalid member in numeric match: ]
            numeric with an unknown operator         | {"key":[{"numeric":["operator"]}]}               | 32 | Unrecognized numeric range operator: operator
            numeric in the wrong order               | {"key":[{"numeric":[1,"<="]}]}                   | 22 | Invalid member in numeric match: 1
            numeric = of a string                    | {"key":[{"numeric":["=","000"]}]}                | 26 | Value of equals must be numeric
            numeric without a value                  | {"key":[{"numeric":[">="]}]}                     | 26 | Value of >= must be numeric
            numeric range from the top               | {"key":[{"numeric":["<",100,">",10]}]}           | 30 | Too many elements in numeric expression
            numeric range with two bottoms           | {"key":[{"numeric":[">=",1,">",2]}]}             | 31 | Bad numeric range operator: >
            numeric range upside down                | {"key":[{"numeric":[">",3,"<",1]}]}              | 33 | Bottom must be less than top
            numeric range without its top            | {"key":[{"numeric":[">",20,"<="]}]}              | 33 | Value of <= must be numeric
            numeric range without its operator       | {"key":[{"numeric":[">",20,30]}]}                | 30 | Bad value in numeric range: 30
            numeric range with an unknown operator   | {"key":[{"numeric":[">",20,"test"]}]}            | 34 | Bad numeric range operator: test
            numeric range from a string              | {"key":[{"numeric":[">","20","<","30"]}]}        | 26 | Value of > must be numeric
            numeric range to a string                | {"key":[{"numeric":[">",20,"<","30"]}]}          | 33 | Value of < must be numeric
            numeric range of three                   | {"key":[{"numeric":[">",20,"<",30,"<",50]}]}     | 36 | Too many terms in numeric range expression
            exists of null                           | {"key":[{"exists":null}]}                        | 23 | exists match pattern must be either true or false.
            exists of a string                       | {"key":[{"exists":"no"}]}                        | 20 | exists match pattern must be either true or false.
            anything-but an unknown pattern          | {"key":[{"anything-but":{"wrong-operator":null}}]} | 47 | Unsupported anything-but pattern: wrong-operator
            anything-but a suffix                    | {"key":[{"anything-but":{"suffix":"test"}}]}     | 36 | Unsupported anything-but pattern: suffix
            anything-but exists                      | {"key":[{"anything-but":{"exists":false}}]}      | 40 | Unsupported anything-but pattern: exists
            anything-but a prefix that is no string  | {"key":[{"anything-but":{"prefix":false}}]}      | 40 | prefix match pattern must be a string
            anything-but a list of prefixes          | {"key":[{"anything-but":{"prefix":["a"]}}]}      | 36 | prefix match pattern must be a string
            anything-but a wildcard                  | {"key":[{"anything-but":{"wildcard":"a*"}}]}     | 38 | Unsupported anything-but pattern: wildcard
            anything-but in any case                 | {"key":[{"anything-but":{"equals-ignore-case":"a"}}]} | 48 | Unsupported anything-but pattern: equals-ignore-case
            wildcard                                 | {"key":[{"wildcard":"a*"}]}                      | 22 | Unrecognized match type wildcard
            exactly                                  | {"key":[{"exactly":"a"}]}                        | 21 | Unrecognized match type exactly
            prefix in any case                       | {"key":[{"prefix":{"equals-ignore-case":"a"}}]}  | 20 | prefix match pattern must be a string
            suffix in any case                       | {"key":[{"suffix":{"equals-ignore-case":"a"}}]}  | 20 | suffix match pattern must be a string
            equals-ignore-case of an array           | {"key":[{"equals-ignore-case":["a"]}]}           | 32 | equals-ignore-case match pattern must be a string
            a wildcard in a group                    | {"$or":[{"a":[{"wildcard":"a*"}]},{"b":[1]}]}    | 28 | Unrecognized match type wildcard
            a group alone                            | {"$or":[{"key":["a"]}]}                          | 17 | Unrecognized match type key
            groups with an operator among their keys | {"$or":[{"key":["a"]},{"prefix":["b"]}]}         | 17 | Unrecognized match type key
            a policy that is no object               | ["key"]                                          | 2  | Filter is not an object
            an empty object within                   | {"key":{}}                                       | 10 | Empty objects are not allowed
            an operator without a name               | {"key":[{}]}                                     | 11 | Match expression name not found
            a number past 10^9                       | {"key":[{"numeric":["<",1000000001]}]}           |    | Value must be between -1.0E9 and 1.0E9, inclusive
            a number before -10^9                    | {"key":[-1000000001]}                            |    | Value must be between -1.0E9 and 1.0E9, inclusive
            anything-but a number past 10^9          | {"key":[{"anything-but":[1,1e10]}]}              |    | Value must be between -1.0E9 and 1.0E9, inclusive
            """)
    void error_row(String fact, String policy, Integer column, String text) {
        String source =
                column == null ? "" : "\n at [Source: (String)\"" + policy + "\"; line: 1, column: " + column + "]";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnsFilterPolicy.of(policy, MESSAGE_BODY))
                .withMessage("FilterPolicy: " + text + source);
        // an error comes before the question whether the scope allows what is nested
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES))
                .withMessage("FilterPolicy: " + text + source);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            text behind the policy                 | body       | {"k":["a"]} x                     | FilterPolicy: failed to parse JSON.
            a policy that is cut off               | body       | {"k":                             | FilterPolicy: failed to parse JSON.
            anything-but strings and numbers       | body       | {"k":[{"anything-but":["a",1]}]}  | FilterPolicy: Inside anything but list
            nested keys on attributes              | attributes | {"k":{"l":["a"]}}                 | Filter policy scope MessageAttributes does not support nested filter policy
            nested keys in a group on attributes   | attributes | {"$or":[{"k":{"l":["a"]}},{"m":["b"]}]} | Filter policy scope MessageAttributes does not support nested filter policy
            """)
    void refused_row(String fact, String scope, String policy, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnsFilterPolicy.of(policy, scope(scope)))
                .withMessageStartingWith(text);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            5 keys                                           | attributes | a1 b1 c1 d1 e1                       |
            6 keys                                           | attributes | a1 b1 c1 d1 e1 f1                    | keys
            5 keys of the body that hold more                | body       | a.x1 a.y1 b1 c1 d1 e1                |
            6 keys of the body                               | body       | a.x1 b1 c1 d1 e1 f1                  | keys
            5 keys, of which 4 are in groups                 | attributes | a1 (b1 c1 / d1 e1)                   |
            6 keys, of which 5 are in groups                 | attributes | a1 (b1 c1 / d1 e1 f1)                | keys
            a key in two groups counts once                  | attributes | a1 b1 c1 d1 (e1 / e2)                |
            5 keys and an $or of the same                    | attributes | a1 b1 c1 d1 e1 (e1 / d1)             | keys
            150 values                                       | attributes | a150                                 |
            151 values                                       | attributes | a151                                 | combinations
            10 x 15                                          | attributes | a10 b15                              |
            100 x 51                                         | attributes | a100 b51                             | combinations
            values x depth: 4x3 x 3x2 = 72                   | body       | a.b.c4 d.e3                          |
            values x depth: 4x3 x 3x2 x 3 = 216              | body       | a.b.c4 d.e3 f3                       | combinations
            75 x 2 = 150                                     | body       | a.b75                                |
            76 x 2 = 152                                     | body       | a.b76                                | combinations
            groups add up: 3x6 + 3x4x4 + 3x4x7 = 150         | attributes | a3 (b6 / c4 (d4 / e7))               |
            groups add up: 4x6 + 4x4x4 + 4x4x4 = 152         | attributes | a4 (b6 / c4 (d4 / e4))               | combinations
            groups multiply with groups deeper: 160          | body       | (a3 / b2) c.x2 c.(y1 / z3)           | combinations
            """)
    void limit_row(String fact, String scope, String shape, String refusal) {
        String policy = new Shape(shape).json();

        if (refusal == null) {
            assertThat(SnsFilterPolicy.of(policy, scope(scope)).json()).isEqualTo(policy);
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SnsFilterPolicy.of(policy, scope(scope)))
                    .withMessage(
                            refusal.equals("keys")
                                    ? "FilterPolicy: Filter policy can not have more than 5 keys"
                                    : "FilterPolicy: Filter policy is too complex");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nothing             | ``
            blanks              | ` `
            an empty object     | {}
            one with blanks     | ` { } `
            """, quoteCharacter = '`')
    void no_policy_row(String fact, String policy) {
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_BODY).takes("{}", "no json"))
                .isTrue();
        assertThat(SnsFilterPolicy.of(policy, MESSAGE_ATTRIBUTES).takes("{}", "no json"))
                .isTrue();
    }

    private static Scope scope(String name) {
        return Scope.valueOf("MESSAGE_" + name.toUpperCase(Locale.ROOT));
    }

    /** {@code a3} is a key with three values, {@code a.b3} one in the object {@code a}, {@code (x / y)} an $or. */
    private static final class Shape {
        private final Deque<String> words;

        Shape(String text) {
            this.words = new ArrayDeque<>(
                    List.of(text.replace("(", " ( ").replace(")", " ) ").strip().split(" +")));
        }

        String json() {
            return object().toString();
        }

        private ObjectNode object() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            ObjectNode at = object;
            while (!words.isEmpty()
                    && !words.peek().equals("/")
                    && !words.peek().equals(")")) {
                String word = words.remove();
                List<String> names = List.of(word.replaceAll("[0-9]", "").split("\\."));
                if (word.equals("(")) {
                    at.set("$or", groups());
                    at = object;
                } else if (word.endsWith(".")) {
                    at = within(object, names);
                } else {
                    within(object, names.subList(0, names.size() - 1))
                            .set(names.get(names.size() - 1), values(word.replaceAll("[^0-9]", "")));
                }
            }
            return object;
        }

        private ArrayNode groups() {
            ArrayNode groups = JsonNodeFactory.instance.arrayNode();
            do {
                groups.add(object());
            } while (words.remove().equals("/"));
            return groups;
        }

        private static ObjectNode within(ObjectNode object, List<String> names) {
            ObjectNode at = object;
            for (String name : names) {
                at = at.withObjectProperty(name);
            }
            return at;
        }

        private static ArrayNode values(String count) {
            ArrayNode values = JsonNodeFactory.instance.arrayNode();
            IntStream.range(0, Integer.parseInt(count)).forEach(value -> values.add("v" + value));
            return values;
        }
    }
}
