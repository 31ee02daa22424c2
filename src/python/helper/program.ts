/** The program that the user's own Python runs. */

/**
 * Answers requests on standard input with replies on standard output, one JSON
 * value a line, until its input ends.
 *
 * A constant, so that a compiled binary carries it. Written so that Python 2
 * can read it too, and be told from Python 3 by its first line.
 */
export const HELPER_PROGRAM = String.raw`
import sys, os
if sys.version_info[0] < 3:
    sys.stdout.write('{"version": [%d, %d]}\n' % sys.version_info[:2])
    sys.exit(0)
import base64, binascii, codecs, functools, json, re, signal, traceback, types

# Ctrl-C reaches the whole group. The run that started this decides when to end;
# programs that are waiting for a passphrase end by themselves.
signal.signal(signal.SIGINT, lambda *ignored: None)

# What the user's code prints, and what its child processes print, must not get
# between the replies; what they read must not eat requests.
requests = os.fdopen(os.dup(0), 'rb')
replies = os.fdopen(os.dup(1), 'wb')
null = os.open(os.devnull, os.O_RDONLY)
os.dup2(null, 0)
os.dup2(2, 1)
sys.stdout = sys.stderr
# -c puts the working directory in front, from which nothing shall be imported.
sys.path[:] = [entry for entry in sys.path if entry != '']

def b64_utf7_decode(text):
    text = text.replace(b',', b'/')
    raw = binascii.a2b_base64(text + b'=' * (-len(text) % 4))
    return raw.decode('utf-16-be', 'replace')

def imap_decode(data, errors='strict'):
    parts = re.split(br'&([^-]*)(?:-|$)', bytes(data))
    text = ''
    for index, part in enumerate(parts):
        if index % 2 == 0:
            text += part.decode('latin-1')
        else:
            text += b64_utf7_decode(part) if part else '&'
    return text, len(data)

def imap_encode(text, errors='strict'):
    def shifted(match):
        run = match.group(0)
        if run == '&':
            return '&-'
        coded = base64.b64encode(run.encode('utf-16-be')).decode('ascii')
        return '&' + coded.rstrip('=').replace('/', ',') + '-'
    coded = re.sub('&|[^\x20-\x7e]+', shifted, text)
    return coded.encode('ascii'), len(text)

def find_codec(name):
    if name.replace('_', '-') in ('imap4-utf-7', 'imap4-utf7'):
        return codecs.CodecInfo(imap_encode, imap_decode, name='imap4-utf-7')
    return None

codecs.register(find_codec)

module = types.ModuleType('pythonfile')
functions = []

def pack(value):
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return {'t': 'int', 'v': str(int(value))}
    if isinstance(value, float):
        return {'t': 'float', 'v': repr(value)}
    if isinstance(value, (bytes, bytearray)):
        return {'t': 'bytes', 'v': base64.b64encode(value).decode('ascii')}
    if isinstance(value, list):
        return [pack(item) for item in value]
    if isinstance(value, tuple):
        return {'t': 'tuple', 'v': [pack(item) for item in value]}
    if isinstance(value, dict):
        return {'t': 'dict', 'v': [[pack(k), pack(v)] for k, v in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {'t': 'set', 'v': [pack(item) for item in value]}
    return {'t': 'other', 'v': type(value).__name__}

def unpack(value):
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind, content = value['t'], value['v']
    if kind == 'int':
        return int(content)
    if kind == 'float':
        return float(content)
    if kind == 'bytes':
        return base64.b64decode(content)
    if kind == 'tuple':
        return tuple(unpack(item) for item in content)
    if kind == 'set':
        return set(unpack(item) for item in content)
    return dict((unpack(k), unpack(v)) for k, v in content)

def load(request):
    path = request['file']
    with open(path, 'rb') as file:
        source = file.read()
    module.__file__ = path
    sys.modules['pythonfile'] = module
    exec(compile(source, path, 'exec'), module.__dict__)

def evaluate(request):
    names = dict(module.__dict__)
    if request['re']:
        names['re'] = re
    text = request['text'].lstrip()
    return eval(compile(text, '<expression>', 'eval'), names)

def as_items(value):
    return None if value is None else [pack(item) for item in value]

def ordered(count, key):
    return sorted(range(count), key=key)

def answer(request):
    op = request['op']
    if op == 'load':
        return load(request)
    if op == 'value':
        return pack(evaluate(request))
    if op == 'items':
        return as_items(evaluate(request))
    if op == 'function':
        value = evaluate(request)
        if not callable(value):
            return {'callable': False, 'type': type(value).__name__}
        functions.append(value)
        return {'callable': True, 'id': len(functions) - 1}
    function = functions[request['id']]
    args = [unpack(item) for item in request['args']]
    if op == 'call':
        return pack(function(*args))
    if op == 'test':
        return bool(function(*args))
    if op == 'call-items':
        return as_items(function(*args))
    if op == 'compare-sort':
        key = functools.cmp_to_key(function)
        return ordered(len(args), lambda index: key(args[index]))
    if op == 'key-sort':
        return ordered(len(args), lambda index: function(args[index]))
    raise ValueError(op)

def harmless(error):
    if isinstance(error, (NameError, ImportError, AttributeError)):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        named = isinstance(error.filename, str)
        return error.strerror + (': ' + error.filename if named else '')
    if type(error).__name__ == 'CalledProcessError':
        return 'a program ended with status %s' % error.returncode
    return ''

def problem(error):
    if isinstance(error, SyntaxError):
        return {'type': type(error).__name__, 'text': error.msg,
                'file': error.filename, 'line': error.lineno,
                'column': error.offset}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename != '<string>']
    inside = [frame for frame in frames if frame.filename == '<expression>']
    # The line of the user's that failed, not that of a library below it.
    path = getattr(module, '__file__', None)
    own = [frame for frame in frames if frame.filename in ('<expression>', path)]
    last = (own or frames or [None])[-1]
    return {'type': type(error).__name__, 'text': str(error),
            'harmless': harmless(error),
            'file': last.filename if last else None,
            'line': last.lineno if last else None,
            'here': inside[-1].lineno if inside else None,
            'column': None}

def reply(value):
    replies.write(json.dumps(value).encode('ascii') + b'\n')
    replies.flush()

reply({'version': list(sys.version_info[:2])})
for line in requests:
    try:
        result = {'value': answer(json.loads(line.decode('utf-8')))}
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        result = {'error': problem(error)}
    reply(result)
`;
