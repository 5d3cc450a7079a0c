"""What each directive does to what is decided of a request (resolve/request.py): modelled, nothing, or open.

Decided are the virtual host, who answers, the status where httpd gives it, the worker, the URL and the headers that are told.
What isn't in one of the three tables is open too: a directive is never passed over because nobody thought of it.

https://httpd.apache.org/docs/2.4/mod/directives.html; reasons that aren't there are read in the source of the module.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..directives import DIRECTIVES
from .packaged_effects import PACKAGED_HARMLESS, PACKAGED_OPEN, PACKAGED_SPELLINGS

_MODELLED = """
    alias aliasmatch allow allowencodedslashes authbasicfake authmerging authtype balancerinherit balancermember
    browsermatch browsermatchnocase define deny directoryindex documentroot else elseif fallbackresource if ifdefine
    ifdirective iffile ifmodule ifsection ifversion include includeoptional limit limitexcept listen loadmodule location
    locationmatch macro mergeslashes namevirtualhost options order passenv proxy proxyaddheaders proxymatch
    proxymaxforwards proxypass proxypassinherit proxypassinterpolateenv proxypassmatch proxypreservehost proxyset
    proxytimeout proxyvia redirect redirectmatch redirectpermanent redirectrelative redirecttemp requestheader require
    requireall requireany requirenone rewritebase rewritecond rewriteengine rewritemap rewriteoptions rewriterule
    satisfy scriptalias scriptaliasmatch serveralias servername setenv setenvif setenvifexpr setenvifnocase sethandler
    sslproxyengine timeout undefine undefmacro unsetenv use usecanonicalname virtualhost"""
MODELLED = frozenset(_MODELLED.split())

# Why a directive changes nothing of what is decided, and those of which it is true.
_HARMLESS: Mapping[str, str] = {
    "it is about the process, its files and its connections": """
        acceptfilter asyncrequestworkerfactor chrootdir coredumpdirectory defaultruntimedir enablemmap enablesendfile
        extendedstatus flushmaxpipelined flushmaxthreshold gracefulshutdowntimeout group keepalive keepalivetimeout
        listenbacklog listencoresbucketsratio listentcpdeferaccept loadfile maxclients maxconnectionsperchild
        maxkeepaliverequests maxmemfree maxrequestsperchild maxrequestworkers maxspareservers maxsparethreads
        minspareservers minsparethreads mutex pidfile readbuffersize receivebuffersize rlimitcpu rlimitmem rlimitnproc
        scoreboardfile seerequesttail sendbuffersize serverlimit serverroot startservers suexec suexecusergroup
        threadlimit threadsperchild threadstacksize user watchdoginterval memcacheconnttl redisconnpoolttl redistimeout
        error limitinternalrecursion macroignorebadnesting macroignoreemptyargs port""",
    "it is about logs": """
        bufferedlogs customlog dumpioinput dumpiooutput errorlog errorlogformat forensiclog globallog logformat
        logiotrackttfb loglevel logmessage scriptlog scriptlogbuffer scriptloglength ssllog sslloglevel transferlog""",
    "it is about names that nothing decided asks for": "hostnamelookups identitycheck identitychecktimeout",
    "it is about the answer's body or headers": """
        adddefaultcharset addoutputfilter addoutputfilterbytype brotlialteretag brotlicompressionmaxinputblock
        brotlicompressionquality brotlicompressionwindow brotlifilternote buffersize charsetdefault charsetoptions
        charsetsourceenc contentdigest cookiedomain cookieexpires cookiehttponly cookiename cookiesamesite cookiesecure
        cookiestyle cookietracking deflatealteretag deflatebuffersize deflatecompressionlevel deflatefilternote
        deflatememlevel deflatewindowsize expiresactive expiresbytype expiresdefault extfilterdefine extfilteroptions
        fileetag filterchain filterdeclare filterprotocol filterprovider filtertrace modemstandard outputsed
        proxyhtmlbufsize proxyhtmlcharsetout proxyhtmldoctype proxyhtmlenable proxyhtmlevents proxyhtmlextended
        proxyhtmlfixups proxyhtmlinterp proxyhtmllinks proxyhtmlmeta proxyhtmlstripcomments proxyhtmlurlmap
        proxypassreverse proxypassreversecookiedomain proxypassreversecookiepath reflectorheader serveradmin
        serversignature servertokens setoutputfilter substitute substituteinheritbefore substitutemaxlinelength
        xml2encalias xml2encdefault xml2startparse luaoutputfilter""",
    "it is about the request's body, or how slowly it comes": """
        addinputfilter inputsed keptbodysize luainputfilter mergetrailers requestreadtimeout setinputfilter""",
    "it is about files and programs, of which nothing more is decided than that httpd answers itself": """
        acceptpathinfo accessfilename addalt addaltbyencoding addaltbytype addcharset adddescription addencoding addicon
        addiconbyencoding addiconbytype addlanguage addmoduleinfo addtype aliaspreservepath cachefile
        cachenegotiateddocs cgidscripttimeout cgipassauth cgiscripttimeout cgivar davbasepath davdepthinfinity
        davgenericlockdb davlockdb davlockdiscovery davmintimeout defaulticon defaultlanguage defaulttype
        directorycheckhandler directoryindexredirect directoryslash fancyindexing forcelanguagepriority forcetype
        headername imapbase imapdefault imapmenu indexheadinsert indexignore indexignorereset indexoptions
        indexorderdefault indexstylesheet languagepriority maxrangeoverlaps maxrangereversals maxranges mimemagicfile
        mmapfile modmimeusepathinfo multiviewsmatch qualifyredirecturl readmename removecharset removeencoding
        removehandler removeinputfilter removelanguage removeoutputfilter removetype scriptsock ssiendtag ssierrormsg
        ssietag ssilastmodified ssilegacyexprparser ssistarttag ssitimeformat ssiundefinedecho typesconfig
        xbithack""",
    "it says how users are known, which only Require asks, and that is open": """
        anonymous anonymous_logemail anonymous_mustgiveemail anonymous_nouserid anonymous_verifyemail authbasicauthoritative
        authbasicprovider authbasicusedigestalgorithm authdbduserpwquery
        authdbduserrealmquery authdbmgroupfile authdbmtype authdbmuserfile authdigestalgorithm authdigestdomain
        authdigestnccheck authdigestnoncelifetime authdigestprovider authdigestqop authdigestshmemsize
        authformauthoritative authformbody authformdisablenostore authformfakebasicauth authformlocation
        authformloginrequiredlocation authformloginsuccesslocation authformlogoutlocation authformmethod authformmimetype
        authformpassword authformprovider authformsitepassphrase authformsize authformusername authgroupfile
        authldapauthorizeprefix authldapbindauthoritative authldapbinddn authldapbindpassword authldapcharsetconfig
        authldapcompareasuser authldapcomparednonserver authldapdereferencealiases authldapgroupattribute
        authldapgroupattributeisdn authldapinitialbindasuser authldapinitialbindpattern authldapmaxsubgroupdepth
        authldapremoteuserattribute authldapremoteuserisdn authldapsearchasuser authldapsubgroupattribute
        authldapsubgroupclass authldapurl authname authncachecontext authncacheenable authncacheprovidefor
        authncachesocache authncachetimeout authnprovideralias authnzfcgicheckauthnprovider authnzfcgidefineprovider
        authuserfile authzdbdlogintoreferer authzdbdquery authzdbdredirectquery authzdbmtype authzprovideralias
        authzsendforbiddenonfailure dbdexptime dbdinitsql dbdkeep dbdmax dbdmin dbdparams dbdpersist dbdpreparesql dbdriver
        ldapcacheentries ldapcachettl ldapconnectionpoolttl ldapconnectiontimeout ldaplibrarydebug ldapopcacheentries
        ldapopcachettl ldapreferralhoplimit ldapreferrals ldapretries ldapretrydelay ldapsharedcachefile
        ldapsharedcachesize ldaptimeout ldaptrustedclientcert ldaptrustedglobalcert ldaptrustedmode ldapverifyservercert
        luaauthzprovider sslusername""",
    "it is about how a cache keeps answers; CacheEnable says whether there is one": """
        cachedefaultexpire cachedetailheader cachedirlength cachedirlevels cachedisable cacheheader cacheignorecachecontrol
        cacheignoreheaders cacheignorenolastmod cacheignorequerystring cacheignoreurlsessionidentifiers cachekeybaseurl
        cachelastmodifiedfactor cachelock cachelockmaxage cachelockpath cachemaxexpire cachemaxfilesize cacheminexpire
        cacheminfilesize cachequickhandler cachereadsize cachereadtime cacheroot cachesocache cachesocachemaxsize
        cachesocachemaxtime cachesocachemintime cachesocachereadsize cachesocachereadtime cachestaleonerror
        cachestoreexpired cachestorenostore cachestoreprivate""",
    "it is about sessions; Session says whether there are any": """
        sessioncookiename sessioncookiename2 sessioncookieremove sessioncryptocipher sessioncryptodriver
        sessioncryptopassphrase sessioncryptopassphrasefile sessiondbdcookiename sessiondbdcookiename2
        sessiondbdcookieremove sessiondbddeletelabel sessiondbdinsertlabel sessiondbdperuser sessiondbdselectlabel
        sessiondbdupdatelabel sessionenv sessionexclude sessionexpiryupdateinterval sessionheader sessioninclude
        sessionmaxage""",
    "it is about how backends are asked, or whether they are well; the answer and its status are theirs": """
        balancergrowth balancerpersist heartbeataddress heartbeatstorage proxy100continue proxybadheader
        proxyerroroverride proxyfcgibackendtype proxyfcgisetenvif proxyftpdircharset proxyftpescapewildcards
        proxyftplistonwildcard proxyhcexpr proxyhctemplate proxyhctpsize proxyiobuffersize
        proxyreceivebuffersize proxyscgiinternalredirect proxyscgisendfile proxysourceaddress proxystatus
        sslproxycacertificatefile sslproxycacertificatepath sslproxycarevocationcheck
        sslproxycarevocationfile sslproxycarevocationpath sslproxycheckpeercn sslproxycheckpeerexpire
        sslproxycheckpeername sslproxyciphersuite sslproxymachinecertificatechainfile
        sslproxymachinecertificatefile sslproxymachinecertificatepath sslproxyprotocol sslproxyverify
        sslproxyverifydepth""",
    "it is for forward proxies; ProxyRequests says whether this is one": "allowconnect noproxy proxydomain",
    "it is about the handshake; it decides only of requests over a connection for another virtual host": """
        sslcacertificatefile sslcacertificatepath sslcadnrequestfile sslcadnrequestpath sslcarevocationcheck
        sslcarevocationfile sslcarevocationpath sslcertificatechainfile sslcertificatefile sslcertificatekeyfile
        sslciphersuite sslcompression sslcryptodevice sslfips sslhonorcipherorder sslinsecurerenegotiation
        sslocspdefaultresponder sslocspenable sslocspnoverify sslocspoverrideresponder sslocspproxyurl
        sslocsprespondercertificatefile sslocsprespondertimeout sslocspresponsemaxage sslocspresponsetimeskew
        sslocspuserequestnonce sslopensslconfcmd ssloptions sslpassphrasedialog sslprotocol sslrandomseed
        sslrenegbuffersize sslsessioncache sslsessioncachetimeout sslsessionticketkeyfile sslsessiontickets
        sslsrpunknownuserseed sslsrpverifierfile sslstaplingcache sslstaplingerrorcachetimeout sslstaplingfaketrylater
        sslstaplingforceurl sslstaplingrespondertimeout sslstaplingresponsemaxage sslstaplingresponsetimeskew
        sslstaplingreturnrespondererrors sslstaplingstandardcachetimeout sslusestapling sslverifydepth""",
    "it decides only of requests over a connection for another virtual host, or for none by name": "sslstrictsnivhostcheck sslvhostsnipolicy",
    "it is about the protocol, of which no request decides": """
        h2copyfiles h2direct h2earlyhint h2earlyhints h2maxdataframelen h2maxheaderblocklen h2maxsessionstreams
        h2maxstreamerrors h2maxworkeridleseconds h2maxworkers h2minworkers h2moderntlsonly h2outputbuffering h2padding
        h2push h2pushdiarysize h2pushpriority h2pushresource h2serializeheaders h2sessionextrafiles h2streammaxmemsize
        h2streamtimeout h2tlscooldownsecs h2tlswarmupsize h2upgrade h2websockets h2windowsize protocol protocols
        protocolshonororder registerhttpmethod""",
    "it is about how certificates are had": """
        mdactivationdelay mdbaseserver mdcacertificatefile mdcachallenges mdcertificateagreement mdcertificateauthority
        mdcertificatecheck mdcertificatefile mdcertificatekeyfile mdcertificateprotocol mdchallengedns01
        mdchallengedns01version mdcheckinterval mdcontactemail mddrivemode mdexternalaccountbinding mdhttpproxy
        mdhttpproxycacertificatefile mdinitialdelay mdmatchnames mdmember mdmembers mdmessagecmd mdmuststaple mdnotifycmd
        mdportmap mdprivatekeys mdprofile mdprofilemandatory mdrenewmode mdrenewviaari mdrenewwindow mdretrydelay
        mdretryfailover mdserverstatus mdstapleothers mdstapling mdstaplingkeepresponse mdstaplingrenewwindow mdstoredir
        mdstorelocks mdwarnwindow""",
    "it is about hooks of Lua, which are open themselves": """
        luacodecache luainherit luapackagecpath luapackagepath luaroot luascope lua_____bytecodehack""",
    "it says whose addresses are believed; RemoteIPHeader says whether any is": """
        remoteipinternalproxy remoteipinternalproxylist remoteipproxiesheader remoteipproxyprotocolexceptions
        remoteiptrustedproxy remoteiptrustedproxylist""",
}  # fmt: skip
HARMLESS: Mapping[str, str] = {
    name: reason for reason, names in _HARMLESS.items() for name in names.split()
}


# What isn't modelled, by the requests that it reaches (resolve/unmodelled/reach.py).
_OPEN: Mapping[str, str] = {
    "every": """
        luahookaccesschecker luahookauthchecker luahookcheckuserid luahookfixups luahookinsertfilter luahooklog
        luahookmaptostorage luahookpretranslatename luahooktranslatename luahooktypechecker luamaphandler luaquickhandler
        regexdefaultoptions""",
    "every unless off": """
        dav proxyexpressenable stricthostcheck usecanonicalphysicalport""",
    "absolute target unless off": "h2proxyrequests proxyrequests",
    "itself": """
        action checkbasenamematch checkcaseonly checkspelling script virtualdocumentroot virtualdocumentrootip
        virtualscriptalias virtualscriptaliasip""",
    "itself, by its extensions": "addhandler",
    "itself unless none": "allowoverride allowoverridelist",
    "itself below a path": "directory directorymatch files filesmatch",
    "user's directory": "userdir",
    "status": "errordocument",
    "method": "allowmethods",
    "trace": "traceenable",
    "while it is read": """
        httpprotocoloptions limitrequestfields limitrequestfieldsize limitrequestline protocolecho remoteipproxyprotocol""",
    "long body": "limitrequestbody limitxmlrequestbody deflateinflatelimitrequestbody deflateinflateratioburst deflateinflateratiolimit",
    "no host": "serverpath",
    "cached": "cacheenable",
    "cookie": "session",
    "named header": "remoteipheader",
    "redirect": "header",
    "proxied, unless on": "proxywebsocketfallbacktoproxyhttp",
    "proxied": "proxyblock proxyexpressdbmfile proxyexpressdbmtype proxyremote proxyremotematch",
    "plain http": "mdrequirehttps sslengine sslrequiressl",
    "tls": "sslrequire",
    "tls unless none": "sslverifyclient",
    "challenge": "mdomain mdomainset",
    "certificate status": "mdcertificatestatus",
}  # fmt: skip
OPEN: Mapping[str, str] = {name: reach for reach, names in _OPEN.items() for name in names.split()}
EVERY = "every"
_KNOWN = MODELLED | HARMLESS.keys() | PACKAGED_HARMLESS.keys()
_REACHES = {**OPEN, **PACKAGED_OPEN}


def is_open(name: str) -> bool:
    """Tell whether a directive or section, by its lower-case name, may change what is decided and isn't modelled."""
    return name not in _KNOWN


def is_harmless(name: str) -> bool:
    """Tell whether a directive or section, by its lower-case name, changes nothing of what is decided."""
    return name in HARMLESS or name in PACKAGED_HARMLESS


def reach_of(name: str) -> str:
    """Return whom an open directive reaches; one that nobody knows reaches every request."""
    return _REACHES.get(name, EVERY)


def spelling_of(name: str) -> str:
    """Return how a directive is spelled, by its lower-case name; one that nobody knows as it is."""
    return DIRECTIVES[name].name if name in DIRECTIVES else PACKAGED_SPELLINGS.get(name, name)
